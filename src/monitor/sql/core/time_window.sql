-- One row: an extract and the whole months that its data reach. Key: extract. All dates are blank if nothing was accepted.
-- e: day of the newest accepted delivery; for income and power the first day after the newest well-filled month, if earlier.
-- Windows: w12_from and w3_from <= month < running_month.
with months as (
    select 'sta_income' as extract, tax_month as month, count(*) as records from staging.sta_income group by tax_month
    union all
    select 'grid_power', use_month, count(*) from staging.grid_power group by use_month
),
well_filled as (
    select months.extract, max(months.month) as month
    from months
    left join months as before
        on before.extract = months.extract and before.month = months.month - interval 1 month
    where 2 * months.records >= coalesce(before.records, 0)
    group by months.extract
),
reached as (
    select
        freshness.extract,
        case
            when dates.e is null then null
            else least(dates.e, cast(well_filled.month + interval 1 month as date))
        end as e
    from deliveries.freshness
    left join deliveries.dates on dates.extract = freshness.extract
    left join well_filled on well_filled.extract = freshness.extract
)
select
    extract,
    e,
    cast(date_trunc('month', e) as date) as running_month,
    cast(date_trunc('month', e) - interval 12 month as date) as w12_from,
    cast(date_trunc('month', e) - interval 3 month as date) as w3_from
from reached
