-- One row: a person with a named guardian. Key: person. Left out: persons without one.
-- The disability register's guardian goes before those of the care lists; among these the first by the code of the list.
with named as (
    select person, guardian_id_no as guardian, '' as source from staging.dpf_disability where guardian_id_no is not null
    union all
    select person, guardian_id_no, care_kind from staging.mca_care where guardian_id_no is not null
),

first_named as (
    select person, arg_min(guardian, source) as guardian
    from named
    group by person
),

-- a guardian who is in no register has the birth date of the ID number
aged as (
    select
        f.person,
        f.guardian,
        coalesce(p.age_years, years_since(birth_in_id(f.guardian), getvariable('as_of'))) as age_years
    from first_named as f
    left join core.person as p on p.person = f.guardian
)

select
    aged.person,
    true as has_named_guardian,
    core.death.person is not null or aged.age_years >= 70 or coalesce(d.is_severely_disabled, false)
        as guardian_is_weak
from aged
left join core.death on core.death.person = aged.guardian
left join facts.person_disability as d on d.person = aged.guardian
