-- One row: a funeral. Key: person. Left out: deaths after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mca_funeral)
)
select
    id_no_key as person,
    name,
    died_on,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mca_funeral
cross join parts
where died_on <= getvariable('as_of')
