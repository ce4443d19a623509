-- One row: a prison term, drug detention or community correction. Key: person, custody_kind, started_on. Left out: records that start after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.moj_custody)
)
select
    id_no_key as person,
    custody_kind,
    started_on,
    ends_on,
    released_on,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.moj_custody
cross join parts
where started_on <= getvariable('as_of')
