-- One row per indicator and county, per indicator ('all' counties), per county ('all' indicators) and over all.
-- Key: indicator, county. Only visits, and only answers that judge: 属实 or 不属实. A case counts once, by the answer in force; it
-- counts for every indicator that stood in it, because an answer is about the case. Its 'all' counts it once.
with judged as (
    select
        case_no, county, indicators,
        starts_with(answer, 'true_') as is_fact,
        answer in ('true_enrolled', 'true_referred', 'true_temporary') as is_action,
        answer = 'true_enrolled' as is_enrolment
    from learned.answer
    where is_in_force and kind = 'visit' and (starts_with(answer, 'true_') or starts_with(answer, 'false_'))
),

counts_for as (
    select county, 'all' as indicator, is_fact, is_action, is_enrolment from judged
    union all
    select county, unnest(string_split(indicators, ',')), is_fact, is_action, is_enrolment from judged
),

counted as (
    select
        indicator,
        case when grouping(county) = 1 then 'all' else county end as county,
        count(*) as judged,
        count(*) filter (is_fact) as fact,
        count(*) filter (is_action) as action,
        count(*) filter (is_enrolment) as enrolment
    from counts_for
    where indicator <> ''
    group by grouping sets ((indicator, county), (indicator))
)

select
    indicator, county, judged,
    fact, share_low(fact * 1000000, judged * 1000000) as fact_low, share_high(fact * 1000000, judged * 1000000) as fact_high,
    action, share_low(action * 1000000, judged * 1000000) as action_low,
    share_high(action * 1000000, judged * 1000000) as action_high,
    enrolment, share_low(enrolment * 1000000, judged * 1000000) as enrolment_low,
    share_high(enrolment * 1000000, judged * 1000000) as enrolment_high
from counted
