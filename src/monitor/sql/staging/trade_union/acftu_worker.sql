-- One row: a file of a worker in hardship. Key: person. Left out: files opened after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.acftu_worker)
)
select
    id_no_key as person,
    filed_on,
    closed_on,
    family_income_pc,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.acftu_worker
cross join parts
where filed_on <= getvariable('as_of')
