-- One row per household (or lone person) and kind of case in which something stands: its points, each weighed by what has been learned.
-- Key: kind, case_subject. weighted is in thousandths of a point; an indicator of which nothing has been learned weighs 1000. Of a
-- family the highest level counts, of equals the one that has proved truer.
with per_family as (
    select
        hit.kind, hit.case_subject, coalesce(hit.family, hit.indicator) as family,
        max(hit.points) as points,
        arg_max(coalesce(learned.weight, 1000), hit.points * 1000000 + coalesce(learned.weight, 1000)) as weight
    from cases.standing_hit as hit
    left join learned.weight as learned on learned.indicator = hit.indicator
    group by hit.kind, hit.case_subject, coalesce(hit.family, hit.indicator)
)

select kind, case_subject, cast(sum(points * weight) as bigint) as weighted
from per_family
group by kind, case_subject
