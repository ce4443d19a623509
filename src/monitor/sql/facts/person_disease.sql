-- One row: a person in the register of diseases. Key: person. Tuberculosis, hypertension and diabetes are not major.
with judged as (
    select
        person,
        diagnosed_on,
        risk_level,
        disease = 'severe_mental' as is_severe_mental,
        disease in (
            'cancer', 'uremia', 'transplant', 'leukemia', 'stroke', 'heart', 'aids', 'congenital', 'rare', 'severe_mental'
        ) as is_major
    from staging.nhc_disease
)

select
    person,
    bool_or(is_major) as has_major_disease,
    (getvariable('as_of') - max(diagnosed_on) filter (where is_major))::integer as major_disease_days,
    bool_or(is_severe_mental) as has_severe_mental,
    -- at most one row per person and disease
    max(risk_level) filter (where is_severe_mental) as mental_risk_level
from judged
group by person
