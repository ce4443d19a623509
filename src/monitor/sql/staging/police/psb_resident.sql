-- One row: a person in the household register. Key: person. Left out: nothing.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.psb_resident)
)
select
    id_no_key as person,
    name,
    sex,
    birth_date,
    nation,
    hukou_no,
    relation,
    hukou_type,
    village_code,
    address,
    phone,
    father_id_no_key as father_id_no,
    mother_id_no_key as mother_id_no,
    residence_village,
    status,
    status_date,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.psb_resident
cross join parts
