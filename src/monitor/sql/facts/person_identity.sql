-- One row: a known person. Key: person. Left out: nobody; age, register status and home concern everybody.
-- Registers outside the police (death certificates, funerals) also say who is dead; a status dated after D counts as normal.
with elsewhere as (
    select person
    from staging.psb_resident
    where left(residence_village, 6) <> left(village_code, 6)
),

homes_of_one as (
    select household from core.household where member_count = 1
)

select
    p.person,
    p.age_years,
    p.in_registry,
    p.is_dead,
    p.death_date,
    p.death_sources_count,
    coalesce(p.status = 'missing', false) as is_missing,
    core.missing.missing_months,
    coalesce(p.status = 'moved', false) as is_moved_out,
    case when p.status = 'moved' then getvariable('as_of') - p.status_date end::integer as moved_out_days,
    elsewhere.person is not null as lives_elsewhere,
    p.is_member and homes_of_one.household is not null as lives_alone,
    p.is_rural
from core.person as p
left join core.missing on core.missing.person = p.person
left join elsewhere on elsewhere.person = p.person
left join homes_of_one on homes_of_one.household = p.household
