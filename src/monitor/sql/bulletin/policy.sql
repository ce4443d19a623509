-- One row per page and policy to which a rule of the direction uncovered leads; households. Key: place, route.
-- not_enrolled: by tonight's records entitled and without it; visited: answered because of such a rule, whenever; enrolled: of these,
-- the answer says so; eligible: any of them.
with found as (
    select rule.route, hit.county, coalesce(hit.household, hit.subject) as subject, 'found' as how
    from warehouse.hit as hit
    join rule on rule.indicator = hit.indicator and rule.direction = 'uncovered'
    where hit.as_of = getvariable('as_of')
),

told as (
    select unnest(string_split(indicators, ',')) as indicator, county, subject, answer
    from bulletin.answered
    where kind = 'visit'
),

visited as (
    select rule.route, told.county, told.subject, told.answer as how
    from told
    join rule on rule.indicator = told.indicator and rule.direction = 'uncovered'
)

select
    place.place, every.route,
    count(distinct subject) as eligible,
    count(distinct subject) filter (how = 'found') as not_enrolled,
    count(distinct subject) filter (how <> 'found') as visited,
    count(distinct subject) filter (how = 'true_enrolled') as enrolled
from (from found union all from visited) as every
join bulletin.place as place on place.county = every.county
group by place.place, every.route
