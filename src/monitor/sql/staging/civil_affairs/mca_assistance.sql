-- One row: a benefit granted to a person. Key: person, benefit, start_date, village_code. Left out: benefits that start after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mca_assistance)
)
select
    id_no_key as person,
    name,
    benefit,
    family_no,
    start_date,
    end_date,
    monthly_amount,
    status,
    village_code,
    reviewed_on,
    exit_reason,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mca_assistance
cross join parts
where start_date <= getvariable('as_of')
