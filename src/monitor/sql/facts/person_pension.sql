-- One row: a person with a pension still paid. Key: person. Left out: pensions last paid before W3.
-- A pension without a last month counts as still paid.
select
    person,
    sum(monthly_amount)::decimal(18, 2) as pension_month_yuan,
    true as has_any_pension,
    bool_or(pension_kind = 'worker') as has_worker_pension
from staging.hrss_pension
cross join (select w3_from from core.time_window where extract = 'hrss_pension')
where last_paid_month is null or last_paid_month >= w3_from
group by person
