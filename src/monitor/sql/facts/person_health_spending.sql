-- One row: a person with a medical settlement within 12 months. Key: person. Left out: older settlements.
-- Windows run to D: within n months means after D - n months.
with settled as (
    select
        person,
        self_paid,
        settled_on > (getvariable('as_of') - interval 3 month)::date as within_3m,
        injury and settled_on > (getvariable('as_of') - interval 6 month)::date as is_injury_within_6m,
        visit_kind = 'inpatient' as is_stay,
        -- 6 months touch at most 7 calendar months, so a bit per month of the year tells them apart
        case
            when visit_kind in ('chronic', 'inpatient')
                and disease in ('uremia', 'cancer', 'leukemia', 'transplant', 'tuberculosis')
                and settled_on > (getvariable('as_of') - interval 6 month)::date
                then 1 << month(settled_on)
        end as month_of_long_treatment
    from staging.nhsa_settlement
    where settled_on > (getvariable('as_of') - interval 12 month)::date
),

-- sums are cut to 18 digits at once: arithmetic on the 38 that sum() gives costs fifty times as much
summed as (
    select
        person,
        sum(self_paid)::decimal(18, 2) as paid_12m,
        coalesce(sum(self_paid) filter (where within_3m), 0)::decimal(18, 2) as paid_3m,
        coalesce(sum(self_paid) filter (where is_injury_within_6m), 0)::decimal(18, 2) as injury_6m,
        coalesce(max(self_paid) filter (where is_stay), 0) as largest_stay,
        count(*) filter (where is_stay) as stays,
        coalesce(bit_count(bit_or(month_of_long_treatment)), 0) as long_months
    from settled
    group by person
),

earlier as (
    select *, paid_12m - paid_3m as prior_9m from summed
),

-- yuan and fen one by one, because a hundred times an amount need not fit
in_fen as (
    select *, (prior_9m - prior_9m % 1)::bigint * 100 + (prior_9m % 1 * 100)::bigint as prior_9m_fen from earlier
)

select
    person,
    paid_12m as self_paid_12m_yuan,
    paid_3m as self_paid_3m_yuan,
    -- a third in whole fen, half away from zero, without a float
    (rounded_quotient(prior_9m_fen, 3)::decimal(18, 0) * 0.01)::decimal(18, 2) as self_paid_prior_quarter_yuan,
    largest_stay::decimal(18, 2) as largest_stay_self_paid_12m_yuan,
    stays::integer as inpatient_12m_count,
    long_months::integer as long_treatment_months_6m,
    injury_6m as injury_self_paid_6m_yuan
from in_fen
