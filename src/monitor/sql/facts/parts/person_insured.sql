-- One row: a person with social insurance or registered migrant work. Key: person. Left out: persons without a record.
-- Several rows of a person are seen as one: paid month and wage base are those of the worker row.
with per_person as (
    select
        person,
        bool_or(insured_kind = 'worker') as is_insured_worker,
        max(last_paid_month) as last_paid_month,
        max(last_paid_month) filter (where insured_kind = 'worker') as paid_month,
        max(wage_base) filter (where insured_kind = 'worker') as wage_base,
        coalesce(bool_or(migrant_work), false) as is_migrant_worker,
        max(months_worked_12m) as most_months_worked
    from staging.hrss_insurance
    group by person
)

select
    person,
    is_insured_worker,
    paid_month,
    wage_base,
    -- paid in W3 or later
    coalesce(paid_month >= w3_from, false) as paid_as_worker,
    -- paid, whatever the insurance, in W12 or later
    coalesce(last_paid_month >= w12_from, false) as has_paid_12m,
    is_migrant_worker,
    most_months_worked
from per_person
cross join (select w3_from, w12_from from core.time_window where extract = 'hrss_insurance')
