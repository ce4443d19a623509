-- One row: a person's role in a business. Key: entity_no, person, role. Left out: businesses founded after the as-of date; those without a date are there.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.samr_entity)
)
select
    entity_no,
    id_no_key as person,
    role,
    entity_kind,
    capital,
    status,
    founded_on,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.samr_entity
cross join parts
where founded_on <= getvariable('as_of')
   or founded_on is null
