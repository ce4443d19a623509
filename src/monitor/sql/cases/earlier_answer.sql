-- One row per case of the last night that has been answered since it was opened or last reopened: the answer in force.
-- Key: case_no. The latest day wins, then the last row that came in: a correction is a later row. muted_until is null for an answer
-- that leaves the case on the list. colour is the one that it had when it was answered.
-- Left out: answers to an earlier round of a reopened case, and answers of the other kind of case.
with given as (
    select
        answer.case_no, answer.answer, least(answer.answered_on, answer.collected_on) as answered_on, answer.list_as_of,
        answer._order
    from cases.answer as answer
    join cases.earlier_case as earlier on earlier.case_no = answer.case_no
    where earlier.reopened_on is null or answer.list_as_of >= earlier.reopened_on or answer.answered_on > earlier.reopened_on
),

-- what the last night knew counts as a word too: the night before and what came since is all that a night needs
remembered as (
    select case_no, answer, answered_on, cast(null as date) as list_as_of, -1 as _order
    from cases.earlier_case
    where muted_until is not null
),

latest as (
    select every.*, earlier.kind, effect.mute_days, effect.closes, effect.zh
    from (select * from given union all select * from remembered) as every
    join cases.earlier_case as earlier on earlier.case_no = every.case_no
    join cases.answer_effect as effect on effect.kind = earlier.kind and effect.answer = every.answer
    qualify row_number() over (
        partition by every.case_no order by every.answered_on desc, every._order desc
    ) = 1
),

-- answered cases that have merged bring the colour of each: the highest counts
colour_then as (
    select before.case_no, arg_max(before.colour, colour.severity) as colour
    from cases.previous_case_answer as before
    join cases.colour as colour on colour.colour = before.colour
    group by before.case_no
)

select
    latest.case_no, latest.answer, latest.zh, latest.answered_on,
    greatest(latest.answered_on, latest.list_as_of) as known_by,
    latest.answered_on + latest.mute_days as muted_until,
    latest.closes,
    earlier.muted_until is not null as was_muted,
    earlier.muted_until is null or latest.answer <> earlier.answer or latest.answered_on > earlier.answered_on as is_new,
    earlier.muted_until is null or latest.answered_on > earlier.answered_on as is_later,
    case
        when earlier.muted_until is null or latest.answered_on > earlier.answered_on then earlier.colour
        else coalesce(colour_then.colour, earlier.colour)
    end as colour
from latest
join cases.earlier_case as earlier on earlier.case_no = latest.case_no
left join colour_then on colour_then.case_no = latest.case_no
