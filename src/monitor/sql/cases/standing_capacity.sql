-- One row per township: how many cases its worklist holds before only red ones join it, and how many random audits a week takes.
-- Key: county, township (null = people without a place). 5 of 100 places go to audits, at least one a week; one place is left to
-- cases even so. A township has one number, the largest if its villages differ.
with township as (
    select
        place.county, place.township,
        greatest(0, cast(max(number.visits_per_week) as bigint)) as visits_per_week
    from core.place as place
    join parameters.in_force as number on number.place_id = place.place_id
    group by place.county, place.township
),

audited as (
    select
        *,
        case when visits_per_week = 0 then 0 else greatest(1, rounded_quotient(visits_per_week * 5, 100)) end as audits
    from township
)

select
    county, township, audits,
    case when visits_per_week = 0 then 0 else greatest(1, visits_per_week - audits) end as cases
from audited
