-- One row: a person on the list of a family that lives together. Key: family_no, person. Left out: lists checked after the as-of date; those without a date are there.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mca_family)
)
select
    family_no,
    id_no_key as person,
    relation,
    checked_on,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mca_family
cross join parts
where checked_on <= getvariable('as_of')
   or checked_on is null
