-- One row: a person monitored against falling back into poverty. Key: person. Left out: persons identified after the as-of date; those without a date are there.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mara_monitor)
)
select
    id_no_key as person,
    monitor_no,
    monitor_kind,
    monitor_risk,
    risk_removed,
    identified_on,
    net_income_pc,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mara_monitor
cross join parts
where identified_on <= getvariable('as_of')
   or identified_on is null
