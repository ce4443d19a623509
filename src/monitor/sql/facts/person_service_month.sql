-- One row: a person served in the calendar month before that of D; everybody, without figures, when the orders on file end
-- before that month did. Key: person. Left out otherwise: persons not served in that month.
with month as (
    select
        date_trunc('month', getvariable('as_of'))::date as ends_before,
        (date_trunc('month', getvariable('as_of')) - interval 1 month)::date as starts_on
),

on_file as (
    select coalesce(e >= month.ends_before, false) as month_is_whole
    from core.time_window
    cross join month
    where extract = 'mca_service_order'
),

served as (
    select person, count(distinct served_on) as days, coalesce(sum(hours), 0) as hours
    from staging.mca_service_order
    cross join month
    where served_on >= month.starts_on and served_on < month.ends_before
    group by person
)

select person, days::integer as service_days_last_month, hours::decimal(18, 4) as service_hours_last_month
from served
cross join on_file
where month_is_whole
union all
select person, null, null
from core.person
cross join on_file
where not month_is_whole
