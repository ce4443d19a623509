-- One row: a payment of a benefit for a month. Key: person, benefit, pay_month, batch_no. Left out: months after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mca_payment)
)
select
    id_no_key as person,
    benefit,
    pay_month,
    batch_no,
    amount,
    pay_status,
    account_name,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mca_payment
cross join parts
where pay_month <= getvariable('as_of')
