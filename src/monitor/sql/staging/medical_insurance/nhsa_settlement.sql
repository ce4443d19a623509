-- One row: a medical bill that was settled. Key: settle_no. Left out: bills settled after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.nhsa_settlement)
)
select
    settle_no,
    id_no_key as person,
    visit_kind,
    settled_on,
    total,
    fund_paid,
    aid_paid,
    self_paid,
    disease,
    injury,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.nhsa_settlement
cross join parts
where settled_on <= getvariable('as_of')
