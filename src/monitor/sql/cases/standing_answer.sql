-- One row per household (or lone person) and kind of case that an answer mutes, or muted until now.
-- Key: kind, case_subject. Whoever leaves a muted household takes the answer along: where no case was, is_own is false.
with own as (
    select
        earlier.kind, earlier.case_subject, true as is_own, answer.case_no as answered_case, answer.answer, answer.zh,
        answer.answered_on, answer.muted_until, answer.closes, answer.is_new, answer.colour
    from cases.earlier_answer as answer
    join cases.earlier_case as earlier on earlier.case_no = answer.case_no and earlier.case_no = earlier.goes_on_as
    where answer.muted_until is not null or answer.was_muted
),

taken_along as (
    select
        answered.kind, answered.case_subject, false as is_own, answer.case_no as answered_case, answer.answer, answer.zh,
        answer.answered_on, answer.muted_until, false as closes, false as is_new, answer.colour
    from cases.earlier_answered as answered
    join cases.earlier_answer as answer on answer.case_no = answered.case_no
    anti join cases.earlier_case as earlier
        on earlier.kind = answered.kind and earlier.case_subject = answered.case_subject
    qualify row_number() over (
        partition by answered.kind, answered.case_subject order by answer.muted_until, answer.case_no
    ) = 1
)

select * from own
union all
select * from taken_along
