-- One row: an assessment of an older person's abilities. Key: person. Left out: assessments after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.nhc_elder_ability)
)
select
    id_no_key as person,
    score,
    cast(ability as tinyint) as ability,
    assessed_on,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.nhc_elder_ability
cross join parts
where assessed_on <= getvariable('as_of')
