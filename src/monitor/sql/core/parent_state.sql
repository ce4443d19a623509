-- One row: somebody who cannot, or may not be able to, look after a child; in the register or not. Key: person.
-- is_disabled: a valid certificate of grade 1-2, or of kind 5 or 6 and grade 3-4.
-- Left out: everybody without a death, a missing report, custody, such a certificate or a major disease.
with disability as (
    select person
    from staging.dpf_disability
    where (expires_on is null or expires_on >= getvariable('as_of'))
      and (disability_grade in (1, 2) or (disability_kind in (5, 6) and disability_grade in (3, 4)))
),
illness as (
    select person
    from staging.nhc_disease
    where disease in ('cancer', 'uremia', 'transplant', 'leukemia', 'stroke', 'heart', 'aids', 'congenital', 'rare',
                      'severe_mental')
),
signs as (
    select person, true as is_dead, null as missing_months, null as custody_months, false as is_disabled, false as is_ill
    from core.death
    union all
    select person, false, missing_months, null, false, false from core.missing
    union all
    select person, false, null, custody_months, false, false from core.custody
    union all
    select person, false, null, null, true, false from disability
    union all
    select person, false, null, null, false, true from illness
),
states as (
    select
        person,
        bool_or(is_dead) as is_dead,
        max(missing_months) as missing_months,
        max(custody_months) as custody_months,
        bool_or(is_disabled) as is_disabled,
        bool_or(is_ill) as has_major_disease
    from signs
    group by person
)
select
    *,
    is_dead or coalesce(missing_months >= 6, false) as is_dead_or_missing,
    is_dead or coalesce(missing_months >= 6, false) or coalesce(custody_months >= 6, false) or is_disabled
        or has_major_disease as is_incapable
from states
