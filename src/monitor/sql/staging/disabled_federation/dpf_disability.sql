-- One row: a disability certificate. Key: person. Left out: certificates first issued (else issued) after the as-of date; those without a date are there.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.dpf_disability)
)
select
    id_no_key as person,
    cast(disability_kind as tinyint) as disability_kind,
    cast(disability_grade as tinyint) as disability_grade,
    first_issued_on,
    issued_on,
    expires_on,
    guardian_id_no_key as guardian_id_no,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.dpf_disability
cross join parts
where coalesce(first_issued_on, issued_on) <= getvariable('as_of')
   or coalesce(first_issued_on, issued_on) is null
