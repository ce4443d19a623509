-- One row per case that is referred tonight, or whose referral is withdrawn because its answer was corrected.
-- Key: case_no. Only visits (of a case, or of an audited household) answered 属实-已转介. Left out: what an earlier night has told already.
-- Lists are nightly, so a correction may come back on the row of a later list: what counts is the round in which the case was asked, before
-- it was reopened or after. A withdrawal speaks of the list that was told, so that it reaches the same departments.
with asked as (
    select
        answer.*,
        coalesce(answer.list_as_of >= previous.reopened_on or answer.answered_on > previous.reopened_on, false) as is_reopened
    from (
        select true as is_tonight, case_no, kind, subject, household, county, township, list_as_of, answer, answered_on
        from learned.answer
        where is_in_force
        union all
        select false, case_no, kind, subject, household, county, township, list_as_of, answer, answered_on
        from learned.earlier_answer
        where is_in_force and answer = 'true_referred'
    ) as answer
    left join cases.previous_case as previous on previous.case_no = answer.case_no
    where answer.kind in ('visit', 'audit')
)

select
    tonight.case_no, tonight.subject, tonight.household, tonight.county, tonight.township,
    coalesce(told.list_as_of, tonight.list_as_of) as list_as_of, tonight.answered_on,
    case when tonight.answer = 'true_referred' then '转介' else '撤回（答复已更正）' end as action
from asked as tonight
left join asked as told
    on told.case_no = tonight.case_no and told.is_reopened = tonight.is_reopened and not told.is_tonight
where tonight.is_tonight and (tonight.answer = 'true_referred') <> (told.case_no is not null)
