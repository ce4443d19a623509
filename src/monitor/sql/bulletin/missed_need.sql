-- One row per page of which random audits can say something: counties, and the province of everybody. Key: place.
-- Townships are weighed, so counties cannot be added up to prefectures.
select if(need.county = 'all', getvariable('top'), need.county) as place, need.* exclude (as_of, county)
from warehouse.missed_need as need
where need.as_of = getvariable('as_of') and need.county <> '000000' and need.visited > 0
