-- One row: a registered vehicle. Key: plate_no. Left out: registrations after the as-of date; those without a date are there.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.psb_vehicle)
)
select
    plate_no,
    id_no_key as person,
    vehicle_kind,
    purchase_price,
    registered_on,
    scrapped,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.psb_vehicle
cross join parts
where registered_on <= getvariable('as_of')
   or registered_on is null
