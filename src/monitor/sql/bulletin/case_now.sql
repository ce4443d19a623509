-- One row per page, kind, domain, colour and whether it is muted: open cases of the night. Key: all but cases.
-- A case stands in the domain of its weightiest indicator, so that domains add up to all cases.
select
    place.place, history.kind, left(split_part(history.indicators, ',', 1), 3) as domain, history.colour,
    history.state = 'muted' as is_muted, count(*) as cases
from warehouse.case_history as history
join bulletin.place as place on place.county = history.county
where history.as_of = getvariable('as_of') and history.state not in ('cleared', 'closed')
group by all
