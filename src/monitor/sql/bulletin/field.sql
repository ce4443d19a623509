-- One row per page and place right below it (part; all = the page), of visits: lists, overdue, answers, visitors. Key: place, part.
-- A visitor who works in two counties counts in both.
with progress as (
    select * from warehouse.progress where as_of = getvariable('as_of') and kind = 'visit'
),

county as (
    select county, listed, overdue, answered, answered_recently, visitors from progress where township = 'all' and county <> 'all'
)

select
    place.place, 'all' as part, cast(sum(listed) as bigint) as listed, cast(sum(overdue) as bigint) as overdue,
    cast(sum(answered) as bigint) as answered, cast(sum(answered_recently) as bigint) as answered_recently,
    cast(sum(visitors) as bigint) as visitors
from county
join bulletin.place as place on place.county = county.county
group by place.place
union all
select
    part.place, part.part, cast(sum(listed) as bigint), cast(sum(overdue) as bigint), cast(sum(answered) as bigint),
    cast(sum(answered_recently) as bigint), cast(sum(visitors) as bigint)
from county
join bulletin.part as part on part.county = county.county
group by part.place, part.part
union all
select county, township, listed, overdue, answered, answered_recently, visitors
from progress
where township <> 'all' and county not in ('all', '000000')
