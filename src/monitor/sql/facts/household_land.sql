-- One row is a household with a member in the farm subsidy register: land and machinery subsidy of each member's newest year.
-- Key: household. An empty cell adds nothing; it does not fall back to an older year.
with newest as (
    select person, arg_max(struct_pack(land_mu := land_mu, machinery := machinery_subsidy), (year, _order)) as cells
    from staging.mara_subsidy
    group by person
)

select
    member.household,
    cast(coalesce(sum(newest.cells.land_mu), 0) as decimal(18, 4)) as land_mu,
    cast(coalesce(sum(newest.cells.machinery), 0) as decimal(18, 2)) as machinery_subsidy_yuan
from newest
join facts.person_wide as member on member.person = newest.person
where member.is_member
group by member.household
