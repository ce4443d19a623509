-- One row: a year of a person's medical insurance. Key: person, year. Left out: nothing.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.nhsa_enrolment)
)
select
    id_no_key as person,
    year,
    insured_kind,
    paid_on,
    subsidised,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.nhsa_enrolment
cross join parts
