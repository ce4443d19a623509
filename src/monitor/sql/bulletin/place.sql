-- One row per page and county that it tells of: the county's own page, its prefecture's, its province's. Key: place, county.
-- People without a place (county 000000) belong to the region of the installation and to what lies above it.
with county as (
    select distinct county from warehouse.coverage where as_of = getvariable('as_of')
    union
    select distinct county from warehouse.case_history where as_of = getvariable('as_of')
),

level as (select unnest([2, 4, 6]) as digits)

select left(county.county, level.digits) as place, county.county
from county, level
where county.county <> '000000'
union
select left(getvariable('region'), level.digits) as place, county.county
from county, level
where county.county = '000000' and level.digits <= length(getvariable('region')) and level.digits < 6
