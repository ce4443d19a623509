-- One row per page and place on a page: its name. Key: code.
with met as (
    select place as code from bulletin.place
    union
    select part from bulletin.part
    union
    select part from bulletin.part_case
    union
    select part from bulletin.field
)

select met.code, coalesce(region.name, met.code) as name
from met
left join warehouse.region as region on region.code = met.code
where met.code not in ('', 'all', '000000')
