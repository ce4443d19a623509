-- One row: a marriage, divorce or widowhood. Key: person, spouse_id_no, registered_on. Left out: registrations after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mca_marriage)
)
select
    id_no_key as person,
    spouse_id_no_key as spouse_id_no,
    marriage,
    registered_on,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mca_marriage
cross join parts
where registered_on <= getvariable('as_of')
