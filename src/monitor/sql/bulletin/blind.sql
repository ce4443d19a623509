-- One row per page and indicator that could not tell of somebody. Key: place, indicator. asked leaves out the exempt.
select
    place.place, coverage.indicator, cast(sum(unknown) as bigint) as unknown,
    cast(sum(hit + clear + unknown) as bigint) as asked
from warehouse.coverage as coverage
join bulletin.place as place on place.county = coverage.county
where coverage.as_of = getvariable('as_of')
group by place.place, coverage.indicator
having sum(unknown) > 0
