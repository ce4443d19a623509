-- One row per case that is open tonight or ended tonight.
-- Key: case_no. Left out: cases that ended on an earlier night.
-- due counts from the day it was first listed; a case that has eased to blue leaves the list and starts afresh when it returns.
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
            when standing.state = 'cleared' then earlier.first_listed
            when listed.case_no is not null then coalesce(standing.first_listed, getvariable('as_of'))
        end as first_listed,
        coalesce(reason.indicators, earlier.indicators) as indicators,
        coalesce(reason.reasons_zh, earlier.reasons_zh) as reasons_zh,
        case
            when standing.state <> 'cleared' then null
            when standing.is_same then '全部指标已核对，均不再命中'
            else '原家庭已不存在，随户主核对后均不再命中'
        end as ended_zh
    from cases.standing_case as standing
    left join cases.standing_number as number on number.kind = standing.kind and number.case_subject = standing.case_subject
    left join cases.standing_place as place on place.case_subject = standing.case_subject
    left join cases.earlier_case as earlier on earlier.case_no = standing.case_no
    left join cases.standing_reason as reason on reason.kind = standing.kind and reason.case_subject = standing.case_subject
    left join cases.listed as listed on listed.case_no = coalesce(standing.case_no, number.case_no)
),

merged as (
    select
        case_no, kind, cast(null as bigint) as case_subject, subject, household, county, township, village, colour, points,
        'cleared' as state, first_seen, last_seen, first_listed, indicators, reasons_zh, '并入' || goes_on_as as ended_zh
    from cases.earlier_case
    where case_no <> goes_on_as
),

every as (
    select * from going_on
    union all
    select * from merged
)

select
    every.*,
    due.day as due
from every
left join cases.colour as colour on colour.colour = every.colour
left join cases.working_day as listed_on on listed_on.day = every.first_listed
left join cases.working_day as due
    on due.is_working and due.number = listed_on.number + colour.due_working_days
