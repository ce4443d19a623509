-- One row: a survey of a dwelling, under the ID of the household's head. Key: person, surveyed_on. Left out: surveys after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mohurd_housing)
)
select
    id_no_key as person,
    surveyed_on,
    dwelling_grade,
    only_dwelling,
    renovated_on,
    public_rental,
    rent_arrears_months,
    safe_water,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mohurd_housing
cross join parts
where surveyed_on <= getvariable('as_of')
