-- One row: a month of a person's income of one kind from one payer. Key: person, tax_month, tax_item, payer_no. Left out: months after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.sta_income)
)
select
    id_no_key as person,
    payer_no,
    tax_month,
    tax_item,
    amount,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.sta_income
cross join parts
where tax_month <= getvariable('as_of')
