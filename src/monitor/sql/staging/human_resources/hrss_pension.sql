-- One row: a pension of a person. Key: person, pension_kind. Left out: nothing.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.hrss_pension)
)
select
    id_no_key as person,
    pension_kind,
    monthly_amount,
    last_paid_month,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.hrss_pension
cross join parts
