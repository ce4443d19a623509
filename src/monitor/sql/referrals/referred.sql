-- One row per case that is referred tonight, or whose referral is withdrawn because its answer was corrected.
-- Key: case_no. Only visits (of a case, or of an audited household) answered 属实-已转介. Left out: what an earlier night has told already.
with tonight as (
    select * from learned.answer where is_in_force and kind in ('visit', 'audit')
),

told as (
    select case_no, list_as_of from learned.earlier_answer where is_in_force and answer = 'true_referred'
)

select
    tonight.case_no, tonight.subject, tonight.household, tonight.county, tonight.township,
    tonight.list_as_of, tonight.answered_on,
    case when tonight.answer = 'true_referred' then '转介' else '撤回（答复已更正）' end as action
from tonight
left join told on told.case_no = tonight.case_no and told.list_as_of = tonight.list_as_of
where (tonight.answer = 'true_referred') <> (told.case_no is not null)
