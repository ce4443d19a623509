-- One row per page, place right below it and colour: visit cases open and not muted. Key: place, part, colour.
with standing as (
    select county, coalesce(township, '') as township, colour, count(*) as cases
    from warehouse.case_history
    where as_of = getvariable('as_of') and kind = 'visit' and state not in ('cleared', 'closed', 'muted')
    group by county, coalesce(township, ''), colour
)

select part.place, part.part, standing.colour, cast(sum(standing.cases) as bigint) as cases
from standing
join bulletin.part as part on part.county = standing.county
group by part.place, part.part, standing.colour
union all
select county, township, colour, cases
from standing
where county <> '000000'
