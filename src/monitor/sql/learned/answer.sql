-- One row per answer that has come back, with what stood in its case on the list that was answered.
-- Key: case_no, answer_order. is_in_force: the newest of its case; an earlier one is kept, and counts for nothing.
-- The county is part of the case number. A case that its list does not hold (a run that is no more) has no indicators.
with remembered as (
    select distinct case_no, list_as_of, subject, household, township, indicators
    from learned.earlier_answer
),

known as (
    select case_no, list_as_of, subject, household, township, indicators from remembered
    union all
    select case_no, list_as_of, subject, household, township, indicators
    from learned.answered_list
    anti join remembered using (case_no, list_as_of)
)

select
    answer.case_no, answer._order as answer_order, answer.kind, known.subject, known.household,
    substr(answer.case_no, 2, 6) as county, known.township, known.indicators,
    answer.list_as_of, answer.answer, answer.answered_on, answer.answered_by, answer.collected_on,
    row_number() over (partition by answer.case_no order by answer.answered_on desc, answer._order desc) = 1 as is_in_force
from cases.answer as answer
left join known on known.case_no = answer.case_no and known.list_as_of = answer.list_as_of
