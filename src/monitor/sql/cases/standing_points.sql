-- One row per household (or lone person) and kind of case in which something stands: its points.
-- Key: kind, case_subject. An indicator counts once however many members it hits; of one family only the highest level counts.
with per_indicator as (
    select
        kind, case_subject, indicator,
        max(points) as points,
        coalesce(max(family), indicator) as family,
        bool_or(state = 'hit') as hits
    from cases.standing_hit
    group by kind, case_subject, indicator
),

per_family as (
    select kind, case_subject, family, max(points) as points, bool_or(hits) as hits
    from per_indicator
    group by kind, case_subject, family
)

select
    kind, case_subject,
    cast(sum(points) as integer) as points,
    bool_or(hits) as hits
from per_family
group by kind, case_subject
