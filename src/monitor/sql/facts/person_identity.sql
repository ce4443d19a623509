-- One row: a known person. Key: person. Left out: nobody; age, register status and home concern everybody.
-- Registers outside the police (death certificates, funerals) also say who is dead; a status dated after D counts as normal.
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
    coalesce(left(r.residence_village, 6) <> left(r.village_code, 6), false) as lives_elsewhere,
    coalesce(p.is_member and h.member_count = 1, false) as lives_alone,
    p.is_rural
from core.person as p
left join core.missing on core.missing.person = p.person
left join staging.psb_resident as r on r.person = p.person
left join core.household as h on h.household = p.household
