-- One row: a year of a farmer's land and subsidies. Key: person, year. Left out: years after that of the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mara_subsidy)
)
select
    id_no_key as person,
    year,
    land_mu,
    transferred_mu,
    subsidy,
    machinery_subsidy,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mara_subsidy
cross join parts
where year <= year(getvariable('as_of'))
