-- One row: a registration as unemployed. Key: person, registered_on. Left out: registrations after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.hrss_unemployment)
)
select
    id_no_key as person,
    registered_on,
    status,
    benefit_end,
    hard_to_employ,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.hrss_unemployment
cross join parts
where registered_on <= getvariable('as_of')
