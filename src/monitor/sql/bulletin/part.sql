-- One row per page and place right below it: prefectures of a province, counties of a prefecture. Key: place, county.
-- The townships of a county are learnt from cases and progress.
select
    place,
    county,
    case when county = '000000' then county when length(place) = 2 then left(county, 4) else county end as part
from bulletin.place
where length(place) < 6
