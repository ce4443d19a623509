-- One row: a person with a disability certificate, valid or not. Key: person. A certificate without an end date is valid.
with certificate as (
    select
        person,
        disability_kind,
        disability_grade,
        coalesce(first_issued_on, issued_on) as issued_on,
        expires_on,
        expires_on is null or expires_on >= getvariable('as_of') as is_valid
    from staging.dpf_disability
)

select
    person,
    is_valid as has_valid_disability,
    disability_kind::integer as disability_kind,
    disability_grade::integer as disability_grade,
    is_valid and disability_grade in (1, 2) as is_severely_disabled,
    is_valid and disability_kind in (5, 6) and disability_grade = 3 as is_mentally_disabled_3,
    true as has_disability_certificate,
    (getvariable('as_of') - issued_on)::integer as disability_issued_days,
    case when expires_on is null then 99999 else expires_on - getvariable('as_of') end::integer as disability_expires_in_days
from certificate
