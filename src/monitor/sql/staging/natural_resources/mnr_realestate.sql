-- One row: a holder's right to a unit of real estate. Key: unit_no, person. Left out: registrations after the as-of date; those without a date are there.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mnr_realestate)
)
select
    unit_no,
    id_no_key as person,
    estate_use,
    area_m2,
    registered_on,
    traded_price,
    is_commodity,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mnr_realestate
cross join parts
where registered_on <= getvariable('as_of')
   or registered_on is null
