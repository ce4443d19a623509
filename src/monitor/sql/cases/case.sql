-- One row per case that is open, at rest on an answer, or ended tonight.
-- Key: case_no. Left out: cases that ended on an earlier night.
-- due counts from the day it was first listed; a case that leaves the list (eased to blue, answered) starts afresh when it returns.
-- A case that goes on under another number (its household merged with one that has an older case) ends here and names that one.
with going_on as (
    select
        coalesce(standing.case_no, number.case_no) as case_no,
        standing.kind, standing.case_subject,
        coalesce(place.subject, earlier.subject) as subject,
        case when place.case_subject is null then earlier.household else place.household end as household,
        coalesce(place.county, earlier.county, '000000') as county,
        case when place.case_subject is null then earlier.township else place.township end as township,
        case when place.case_subject is null then earlier.village else place.village_code end as village,
        standing.colour, standing.points, standing.state, standing.first_seen, standing.last_seen,
        case
            when standing.state in ('cleared', 'closed') then earlier.first_listed
            when listed.case_no is not null then coalesce(standing.first_listed, getvariable('as_of'))
        end as first_listed,
        coalesce(reason.indicators, earlier.indicators) as indicators,
        coalesce(reason.reasons_zh, earlier.reasons_zh) as reasons_zh,
        case
            when standing.state <> 'cleared' then null
            when standing.is_same then '全部指标已核对，均不再命中'
            else '原家庭已不存在，随户主核对后均不再命中'
        end as ended_zh,
        standing.answer, standing.answered_on, standing.muted_until, standing.reopened_on, standing.reopened_zh,
        rank.score, rank.rank_zh
    from cases.standing_case as standing
    left join cases.standing_number as number on number.kind = standing.kind and number.case_subject = standing.case_subject
    left join cases.standing_place as place on place.case_subject = standing.case_subject
    left join cases.earlier_case as earlier on earlier.case_no = standing.case_no
    left join cases.standing_reason as reason on reason.kind = standing.kind and reason.case_subject = standing.case_subject
    left join cases.listed as listed on listed.case_no = coalesce(standing.case_no, number.case_no)
    left join cases.standing_rank as rank on rank.case_no = coalesce(standing.case_no, number.case_no)
),

merged as (
    select
        case_no, kind, cast(null as bigint) as case_subject, subject, household, county, township, village, colour, points,
        'cleared' as state, first_seen, last_seen, first_listed, indicators, reasons_zh, '并入' || goes_on_as as ended_zh,
        answer, answered_on, cast(null as date) as muted_until, reopened_on, reopened_zh,
        cast(null as bigint) as score, cast(null as varchar) as rank_zh
    from cases.earlier_case
    where case_no <> goes_on_as
),

-- nothing speaks in an audited household, so it has no colour and no points
audited as (
    select
        audit.case_no, 'audit' as kind, home.household as case_subject, audit.subject, audit.subject as household,
        coalesce(audit.county, '000000') as county, audit.township, home.village_code as village,
        cast(null as varchar) as colour, 0 as points,
        case
            when audit.ended_on is not null and coalesce(audit.answer, 'pending') <> 'pending' then 'closed'
            when audit.ended_on is not null then 'cleared'
            when audit.drawn_on = getvariable('as_of') then 'new'
            else 'continuing'
        end as state,
        audit.drawn_on as first_seen, audit.drawn_on as last_seen, audit.drawn_on as first_listed,
        cast(null as varchar) as indicators,
        '随机抽查：该户没有预警，请照常核查有无未被发现的困难' as reasons_zh,
        case when audit.ended_on is not null and coalesce(audit.answer, 'pending') = 'pending' then '该户已不在本乡镇' end as ended_zh,
        audit.answer, audit.answered_on, cast(null as date) as muted_until, cast(null as date) as reopened_on,
        cast(null as varchar) as reopened_zh, cast(null as bigint) as score,
        case when audit.ended_on is null then '随机抽查，不参与排序' end as rank_zh
    from cases.audit as audit
    left join core.household as home on home.household_id = audit.subject
    where audit.ended_on is null or audit.ended_on = getvariable('as_of')
),

every as (
    select * from going_on
    union all
    select * from merged
    union all
    select * from audited
)

select
    every.*,
    deadline.due
from every
left join cases.standing_deadline as deadline
    on deadline.first_listed = every.first_listed and deadline.colour = coalesce(every.colour, 'yellow')
