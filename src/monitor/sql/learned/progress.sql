-- One row per kind of case, county and township; per kind and county ('all' townships); and per kind ('all' counties).
-- Key: kind, county, township. listed: on tonight's lists; overdue: of these, past their day. answered: cases with an answer in force.
-- Load is over the last recent_days: visitors who answered anything, what each answered, and what is listed for each.
with listed as (
    select
        case left(listed.case_no, 1) when 'R' then 'review' when 'A' then 'audit' else 'visit' end as kind,
        substr(listed.case_no, 2, 6) as county, coalesce(listed.township, '') as township,
        coalesce(opened.due < getvariable('as_of'), false) as is_overdue
    from cases.listed as listed
    left join cases.case as opened on opened.case_no = listed.case_no
),

in_force as (
    select
        kind, county, coalesce(township, '') as township, answer, answered_by,
        answered_on > getvariable('as_of') - getvariable('recent_days') as is_recent
    from learned.answer
    where is_in_force
),

every as (
    select
        kind, county, township, true as is_listed, is_overdue,
        cast(null as varchar) as answer, cast(null as varchar) as visitor, false as is_recent
    from listed
    union all
    select kind, county, township, false, false, answer, case when is_recent then answered_by end, is_recent
    from in_force
),

counted as (
    select
        kind,
        case when grouping(county) = 1 then 'all' else county end as county,
        case when grouping(township) = 1 then 'all' else township end as township,
        count(*) filter (is_listed) as listed,
        count(*) filter (is_overdue) as overdue,
        count(answer) as answered,
        count(*) filter (is_recent) as answered_recently,
        count(*) filter (starts_with(answer, 'true_') or starts_with(answer, 'false_')) as judged,
        count(*) filter (starts_with(answer, 'true_')) as fact,
        count(*) filter (answer in ('true_enrolled', 'true_referred', 'true_temporary')) as action,
        count(*) filter (answer = 'true_enrolled') as enrolment,
        count(distinct visitor) as visitors
    from every
    group by grouping sets ((kind, county, township), (kind, county), (kind))
)

select
    kind, county, township, listed, overdue, answered, answered_recently, judged, fact, action, enrolment,
    share(fact * 1000000, judged * 1000000) as fact_share,
    share_low(fact * 1000000, judged * 1000000) as fact_low,
    share_high(fact * 1000000, judged * 1000000) as fact_high,
    visitors,
    case when visitors > 0 then cast(cast(rounded_quotient(answered_recently * 10, visitors) as bigint) * 0.1 as decimal(9, 1)) end
        as answered_per_visitor,
    case when visitors > 0 then cast(cast(rounded_quotient(listed * 10, visitors) as bigint) * 0.1 as decimal(9, 1)) end
        as listed_per_visitor
from counted
