-- One row: a disease registered for a person. Key: person, disease. Left out: diagnoses after the as-of date; those without a date are there.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.nhc_disease)
)
select
    id_no_key as person,
    disease,
    diagnosed_on,
    risk_level,
    managed,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.nhc_disease
cross join parts
where diagnosed_on <= getvariable('as_of')
   or diagnosed_on is null
