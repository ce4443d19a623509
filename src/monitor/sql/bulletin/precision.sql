-- One row per page and indicator ('all' = of any) that visits have judged, with Wilson's 95 % interval. Key: place, indicator.
-- A case is judged once in its county, so counties add up.
with summed as (
    select
        place.place, precision.indicator, cast(sum(judged) as bigint) as judged, cast(sum(fact) as bigint) as fact,
        cast(sum(action) as bigint) as action, cast(sum(enrolment) as bigint) as enrolment
    from warehouse.precision as precision
    join bulletin.place as place on place.county = precision.county
    where precision.as_of = getvariable('as_of')
    group by place.place, precision.indicator
)

select
    place, indicator, judged,
    fact, share(fact * 1000000, judged * 1000000) as fact_share, share_low(fact * 1000000, judged * 1000000) as fact_low,
    share_high(fact * 1000000, judged * 1000000) as fact_high,
    action, share(action * 1000000, judged * 1000000) as action_share,
    share_low(action * 1000000, judged * 1000000) as action_low, share_high(action * 1000000, judged * 1000000) as action_high,
    enrolment, share(enrolment * 1000000, judged * 1000000) as enrolment_share,
    share_low(enrolment * 1000000, judged * 1000000) as enrolment_low,
    share_high(enrolment * 1000000, judged * 1000000) as enrolment_high
from summed
