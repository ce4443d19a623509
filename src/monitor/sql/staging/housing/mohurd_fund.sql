-- One row: a housing fund account. Key: person. Left out: nothing.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mohurd_fund)
)
select
    id_no_key as person,
    monthly_deposit,
    last_paid_month,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mohurd_fund
cross join parts
