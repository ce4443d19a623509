-- One row: a person with a benefit in force at D. Key: person. Left out: persons without one.
-- Feeds the benefit flags and counts; a suspended or ended record is not in force.
with per_benefit as (
    select person, benefit, count(*) as records, count(distinct county) as counties
    from core.current_benefit
    group by person, benefit
),

per_person as (
    select
        person,
        bool_or(benefit in ('dibao_urban', 'dibao_rural')) as on_dibao,
        bool_or(benefit in ('tekun_dispersed', 'tekun_institution')) as on_tekun,
        bool_or(benefit = 'edge') as on_edge,
        bool_or(benefit = 'rigid') as on_rigid,
        bool_or(benefit in ('orphan', 'unattended_child')) as on_child_aid,
        bool_or(benefit = 'disability_living') as on_disability_living,
        bool_or(benefit = 'disability_care') as on_disability_care,
        bool_or(benefit = 'elder_age') as on_elder_age,
        coalesce(sum(records) filter (where benefit <> 'temporary'), 0) as current_benefit_count,
        max(counties) as same_benefit_county_count
    from per_benefit
    group by person
)

select
    person,
    on_dibao,
    on_tekun,
    on_edge,
    on_rigid,
    on_child_aid,
    on_dibao or on_tekun or on_edge or on_rigid or on_child_aid as on_low_income_list,
    on_disability_living,
    on_disability_care,
    on_elder_age,
    current_benefit_count::integer as current_benefit_count,
    same_benefit_county_count::integer as same_benefit_county_count
from per_person
