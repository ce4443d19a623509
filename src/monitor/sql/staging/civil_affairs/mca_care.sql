-- One row: a person on a care register. Key: person, care_kind. Left out: nothing.
with parts as (
    select list(_part order by _part) as names
    from (select distinct _part from landing.mca_care)
)
select
    id_no_key as person,
    care_kind,
    guardian_id_no_key as guardian_id_no,
    last_visit_on,
    row_order(_delivered_on, list_position(names, _part), _row) as _order
from landing.mca_care
cross join parts
