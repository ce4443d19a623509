-- One row: an order for a service. Key: order_no. Left out: orders after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mca_service_order)
)
select
    order_no,
    id_no_key as person,
    service_kind,
    applied_on,
    ordered_on,
    dispatched_on,
    served_on,
    hours,
    signed,
    followed_up_on,
    satisfaction,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mca_service_order
cross join parts
where ordered_on <= getvariable('as_of')
