-- One row: a long-term client of services. Key: person. Left out: clients from after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mca_service_client)
)
select
    id_no_key as person,
    layer,
    planned_days,
    planned_hours,
    started_on,
    ended_on,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mca_service_client
cross join parts
where started_on <= getvariable('as_of')
