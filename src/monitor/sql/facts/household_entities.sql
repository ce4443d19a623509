-- One row is a household with an open company, sole business or coop of a member.
-- Key: household. In a company only the legal representative and shareholders count. An entity of several members or roles
-- counts once; where their rows give different capitals, the largest.
with entities as (
    select
        member.household,
        entity.entity_no,
        entity.entity_kind,
        max(coalesce(entity.capital, 0)) as capital
    from staging.samr_entity as entity
    join facts.person_wide as member on member.person = entity.person
    where
        member.is_member
        and entity.status = 'open'
        and (entity.entity_kind <> 'company' or entity.role in ('legal_rep', 'shareholder'))
    group by member.household, entity.entity_no, entity.entity_kind
)

select
    household,
    (count(*) filter (where entity_kind = 'company'))::integer as company_count,
    (count(*) filter (where entity_kind = 'sole'))::integer as sole_count,
    (count(*) filter (where entity_kind = 'coop'))::integer as coop_count,
    cast(coalesce(sum(capital) filter (where entity_kind = 'company'), 0) as decimal(18, 2)) as entity_capital_yuan
from entities
group by household
