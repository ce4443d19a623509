-- One row per page: lines of supervision of the night. Key: place.
select place.place, count(*) as lines
from warehouse.supervision as supervision
join bulletin.place as place on place.county = supervision.county
where supervision.as_of = getvariable('as_of')
group by place.place
