-- One row per hit that stands tonight: what hits, and what hit before and cannot be told tonight. An unknown lowers nothing.
-- Key: indicator, subject. Left out: process hits (supervision), and earlier hits that are clear, exempt or no longer asked.
with tonight as (
    select
        case hit.direction when 'integrity' then 'review' else 'visit' end as kind,
        hit.case_subject, hit.indicator, hit.unit, hit.subject, 'hit' as state, hit.level, hit.points, hit.family,
        hit.reason_zh,
        coalesce(earlier.first_seen, getvariable('as_of')) as first_seen,
        getvariable('as_of') as last_hit,
        hit.evidence, hit.measure,
        cast(null as varchar) as late_zh
    from hits.hit as hit
    left join cases.earlier_hit as earlier on earlier.indicator = hit.indicator and earlier.subject = hit.subject
    where hit.direction <> 'process'
),

unknown as (
    select
        earlier.kind, earlier.case_subject, earlier.indicator, earlier.unit, earlier.subject, 'unknown' as state, earlier.level,
        earlier.points, earlier.family, earlier.reason_zh, earlier.first_seen, earlier.last_hit, earlier.evidence,
        earlier.measure, late.late_zh
    from cases.earlier_hit as earlier
    join cases.standing_unknown as open_one on open_one.indicator = earlier.indicator and open_one.subject = earlier.subject
    left join cases.standing_late as late on late.indicator = earlier.indicator and late.subject = earlier.subject
)

select * from tonight
union all
select * from unknown
