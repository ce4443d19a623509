-- One row: a person on the public payroll. Key: person. Left out: persons on it since after the as-of date; those without a date are there.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mof_payroll)
)
select
    id_no_key as person,
    employer,
    since,
    until,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mof_payroll
cross join parts
where since <= getvariable('as_of')
   or since is null
