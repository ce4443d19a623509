-- One row: a place and area kind that some person or household has. Key: place_id; also (village_code, area_kind).
-- Who has no village is placed in the installation's region: county 000000, no township, no prefecture.
with of_persons as (
    select
        known.village_code,
        coalesce(known.hukou_type, 'rural') as area_kind
    from core.known
    anti join core.head on head.household_id = known.assigned_household
),
places as (
    select village_code, area_kind from of_persons
    union
    select village_code, area_kind from core.head
)
select
    cast(row_number() over (order by village_code nulls first, area_kind) as integer) as place_id,
    coalesce(village_code, getvariable('region')) as region_code,
    area_kind,
    village_code,
    left(village_code, 9) as township,
    coalesce(left(village_code, 6), '000000') as county,
    left(village_code, 4) as prefecture
from places
