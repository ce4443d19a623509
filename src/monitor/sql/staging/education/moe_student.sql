-- One row: a school year of a student. Key: person, school_year. Left out: nothing.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.moe_student)
)
select
    id_no_key as person,
    school_year,
    stage,
    school,
    status,
    status_date,
    boarding,
    tuition,
    aid_amount,
    loan,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.moe_student
cross join parts
