-- One row per county and township: households without a case tonight, and what the audit visits to such households found.
-- Key: county, township. Review cases do not count as cases here: an audit is drawn without looking at them.
-- Missed is need that nobody met: enrolled, referred or helped after the visit; already covered is not. Left out of judged: not found,
-- declined, to be completed.
with open_visit as (
    select case_subject from cases.case where kind = 'visit' and state <> 'cleared' and case_subject is not null
),

without_case as (
    select coalesce(household.county, '000000') as county, coalesce(household.township, '') as township, count(*) as households
    from core.household as household
    anti join open_visit on open_visit.case_subject = household.household
    group by 1, 2
),

visited as (
    select
        county, coalesce(township, '') as township,
        count(*) as visited,
        count(*) filter (starts_with(answer, 'true_') or starts_with(answer, 'false_')) as judged,
        count(*) filter (answer in ('true_enrolled', 'true_referred', 'true_temporary')) as missed
    from learned.answer
    where is_in_force and kind = 'audit' and answered_on > getvariable('as_of') - getvariable('audit_days')
    group by 1, 2
)

select
    without_case.county, without_case.township, without_case.households,
    coalesce(visited.visited, 0) as visited, coalesce(visited.judged, 0) as judged, coalesce(visited.missed, 0) as missed
from without_case
left join visited on visited.county = without_case.county and visited.township = without_case.township
