-- One row per hit that was in a case when it was answered: how bad it was, and where its subject is tonight.
-- Key: kind, indicator, unit, subject tonight (of several answers about one hit, the newest). A hit that first stood after the day of the
-- answer, and after the list that was answered, was not in the case. Left out: cases whose answer does not mute.
with fresh as (
    select
        answer.case_no, hit.indicator, hit.unit, hit.subject as subject_id, hit.measure, answer.colour, answer.answer,
        answer.answered_on
    from cases.earlier_answer as answer
    join cases.previous_case_hit as hit on hit.case_no = answer.case_no and hit.first_seen <= answer.known_by
    where answer.is_later and answer.muted_until is not null
),

remembered as (
    select
        answer.case_no, before.indicator, before.unit, before.subject as subject_id, before.measure,
        case when answer.is_later then answer.colour else before.colour end as colour,
        answer.answer,
        case when answer.is_later then before.answered_on else answer.answered_on end as answered_on
    from cases.earlier_answer as answer
    join cases.previous_case_answer as before on before.case_no = answer.case_no
    anti join fresh
        on fresh.case_no = before.case_no and fresh.indicator = before.indicator and fresh.unit = before.unit
        and fresh.subject_id = before.subject
    where answer.muted_until is not null
),

every as (
    select * from fresh
    union all
    select * from remembered
)

select
    every.case_no, earlier.kind, coalesce(place.case_subject, earlier.case_subject) as case_subject,
    every.indicator, every.unit, place.subject, every.subject_id, every.measure, every.colour, every.answer, every.answered_on
from every
join cases.earlier_case as earlier on earlier.case_no = every.case_no
left join cases.earlier_subject as place on place.unit = every.unit and place.subject_id = every.subject_id
qualify row_number() over (
    partition by earlier.kind, every.indicator, every.unit, coalesce(cast(place.subject as varchar), every.subject_id)
    order by every.answered_on desc, every.case_no
) = 1
