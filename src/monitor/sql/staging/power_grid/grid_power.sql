-- One row: a month of a power account. Key: account_no, use_month. Left out: months after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.grid_power)
)
select
    account_no,
    id_no_key as person,
    use_month,
    kwh,
    arrears,
    disconnected,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.grid_power
cross join parts
where use_month <= getvariable('as_of')
