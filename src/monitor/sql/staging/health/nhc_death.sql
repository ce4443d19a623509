-- One row: a medical death certificate. Key: person. Left out: deaths after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.nhc_death)
)
select
    id_no_key as person,
    died_on,
    cause,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.nhc_death
cross join parts
where died_on <= getvariable('as_of')
