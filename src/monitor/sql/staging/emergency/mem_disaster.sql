-- One row: a household hit by a disaster, under the ID of its head. Key: person, disaster_kind, happened_on. Left out: disasters after the as-of date.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mem_disaster)
)
select
    id_no_key as person,
    disaster_kind,
    happened_on,
    house_damage,
    loss,
    crop_loss_mu,
    relocated,
    relief_paid,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mem_disaster
cross join parts
where happened_on <= getvariable('as_of')
