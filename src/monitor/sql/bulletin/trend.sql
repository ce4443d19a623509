-- One row per page, night and colour of visit cases. Key: place, as_of, colour. stands: open and not muted; came: new or reopened
-- that night; went: gone because nothing hits any more, or closed by an answer, whichever was first.
select
    place.place, night.as_of, night.colour,
    cast(coalesce(sum(night.cases) filter (night.state not in ('cleared', 'closed', 'muted')), 0) as bigint) as stands,
    cast(coalesce(sum(night.cases) filter (night.state in ('new', 'reopened')), 0) as bigint) as came,
    cast(coalesce(sum(night.cases) filter (night.state in ('cleared', 'closed') and not night.had_closed), 0) as bigint) as went
from bulletin.county_night as night
join bulletin.place as place on place.county = night.county
where night.kind = 'visit'
group by place.place, night.as_of, night.colour
