-- One row: an application for assistance. Key: application_no. Left out: applications after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mca_application)
)
select
    application_no,
    id_no_key as person,
    benefit,
    applied_on,
    decision,
    decided_on,
    refusal,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mca_application
cross join parts
where applied_on <= getvariable('as_of')
