-- One row: a person with a medical settlement within 12 months. Key: person. Left out: older settlements.
-- Windows run to D: within n months means after D - n months.
with settled as (
    select
        person,
        settled_on,
        self_paid,
        settled_on > (getvariable('as_of') - interval 3 month)::date as within_3m,
        settled_on > (getvariable('as_of') - interval 6 month)::date as within_6m,
        visit_kind = 'inpatient' as is_stay,
        coalesce(injury, false) as is_injury,
        visit_kind in ('chronic', 'inpatient')
            and coalesce(disease in ('uremia', 'cancer', 'leukemia', 'transplant', 'tuberculosis'), false)
            as is_long_treatment
    from staging.nhsa_settlement
    where settled_on > (getvariable('as_of') - interval 12 month)::date
),

summed as (
    select
        person,
        sum(self_paid) as paid_12m,
        coalesce(sum(self_paid) filter (where within_3m), 0) as paid_3m,
        coalesce(sum(self_paid) filter (where within_6m and is_injury), 0) as injury_6m,
        coalesce(max(self_paid) filter (where is_stay), 0) as largest_stay,
        count(*) filter (where is_stay) as stays,
        -- 6 months touch at most 7 calendar months, so a bit per month of the year tells them apart
        coalesce(bit_count(bit_or(1 << month(settled_on)) filter (where within_6m and is_long_treatment)), 0) as long_months
    from settled
    group by person
),

in_fen as (
    select *, ((paid_12m - paid_3m) * 100)::bigint as prior_9m_fen from summed
)

select
    person,
    paid_12m::decimal(18, 2) as self_paid_12m_yuan,
    paid_3m::decimal(18, 2) as self_paid_3m_yuan,
    -- a third in whole fen, half away from zero, without a float
    (rounded_quotient(prior_9m_fen, 3) * 0.01)::decimal(18, 2) as self_paid_prior_quarter_yuan,
    largest_stay::decimal(18, 2) as largest_stay_self_paid_12m_yuan,
    stays::integer as inpatient_12m_count,
    long_months::integer as long_treatment_months_6m,
    injury_6m::decimal(18, 2) as injury_self_paid_6m_yuan
from in_fen
