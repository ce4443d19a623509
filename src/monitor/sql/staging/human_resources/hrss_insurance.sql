-- One row: a social insurance of a person. Key: person, insured_kind. Left out: nothing.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.hrss_insurance)
)
select
    id_no_key as person,
    insured_kind,
    employer,
    wage_base,
    last_paid_month,
    migrant_work,
    months_worked_12m,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.hrss_insurance
cross join parts
