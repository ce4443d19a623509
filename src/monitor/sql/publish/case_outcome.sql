-- One row per case that ever was, as known now. Key: case_no. What a night said of it is in case_history.
with newest as (
    select
        case_no,
        max(as_of) as last_as_of,
        count(*) as nights,
        max(points) as most_points,
        arg_max(struct_pack(
            kind := kind, subject := subject, household := household, county := county, township := township,
            colour := colour, state := state, first_seen := first_seen, last_seen := last_seen, first_listed := first_listed,
            due := due, indicators := indicators
        ), as_of) as last
    from case_history
    group by case_no
),

shown as (
    select case_no, count(*) filter (is_listed) as nights_listed, min(as_of) filter (is_listed) as first_listed
    from listing
    group by case_no
),

reopening as (
    select distinct case_no, reopened_on from case_history where reopened_on is not null
),

-- an answer belongs to the round in which the case was asked: before it was reopened, or after
rounds as (
    select
        answer.case_no, answer.answer_order, answer.answer, answer.answered_on, answer.is_in_force,
        count(reopening.reopened_on) as round
    from answer
    left join reopening
        on reopening.case_no = answer.case_no
        and (answer.list_as_of >= reopening.reopened_on or answer.answered_on > reopening.reopened_on)
    group by all
),

-- of a round only the newest answer counts; those that it corrects count for nothing
standing as (
    select *
    from rounds
    qualify row_number() over (partition by case_no, round order by answered_on desc, answer_order desc) = 1
),

answered as (
    select
        case_no,
        min(answered_on) filter (answer <> 'pending') as first_answered,
        min(answered_on) filter (answer in ('true_enrolled', 'true_referred', 'true_temporary')) as helped_on,
        any_value(answer) filter (is_in_force) as answer,
        any_value(answered_on) filter (is_in_force) as answered_on
    from standing
    group by case_no
),

told as (
    select
        newest.case_no,
        newest.last.kind as kind, newest.last.subject as subject, newest.last.household as household,
        newest.last.county as county, newest.last.township as township, newest.last.colour as colour,
        newest.most_points,
        newest.last.state as state,
        newest.last_as_of = (select max(as_of) from run) and newest.last.state not in ('cleared', 'closed') as is_open,
        newest.last.first_seen as first_seen, newest.last.last_seen as last_seen,
        newest.last_as_of, newest.nights,
        coalesce(least(newest.last.first_listed, shown.first_listed), shown.first_listed, newest.last.first_listed) as first_listed,
        coalesce(shown.nights_listed, 0) as nights_listed,
        newest.last.due as due, newest.last.indicators as indicators,
        answered.answer, answered.answered_on, answered.first_answered, answered.helped_on
    from newest
    left join shown on shown.case_no = newest.case_no
    left join answered on answered.case_no = newest.case_no
)

select
    told.*,
    case
        when answer like 'true\_%' escape '\' then true
        when answer like 'false\_%' escape '\' then false
    end as is_true,
    date_diff('day', first_seen, first_listed) as days_to_list,
    date_diff('day', first_seen, first_answered) as days_to_answer,
    date_diff('day', first_seen, helped_on) as days_to_help,
    -- as in progress: pending and reopened cases keep their answer, stand on the list and have a day
    is_open and coalesce(due < (select max(as_of) from run), false) as is_overdue
from told
