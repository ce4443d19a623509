-- One row per household (or lone person) and kind: the case that goes on or is opened tonight, its points, colour and state.
-- Key: kind, case_subject. Left out: cases that end in another one.
-- closed: an answer has come in; muted: it rests on that answer. Both keep what they last had when nothing of them hits, and end
-- when the household or person is gone.
-- Cleared only when nothing of it hits and nothing is unknown (it keeps its last colour and points);
-- carried when nothing hits but something is unknown: that something makes its points.
-- A reopened case starts anew: it is asked again, waits from tonight and is listed afresh.
with joined as (
    select
        coalesce(points.kind, earlier.kind) as kind,
        coalesce(points.case_subject, earlier.case_subject) as case_subject,
        earlier.case_no, earlier.is_same, earlier.first_seen, earlier.last_seen, earlier.first_listed,
        earlier.reopened_on, earlier.reopened_zh, earlier.answer, earlier.answered_on,
        earlier.colour as earlier_colour,
        coalesce(points.points, earlier.points) as points,
        points.kind is not null as stands,
        coalesce(points.hits, false) as hits
    from cases.standing_points as points
    full join (select * from cases.earlier_case where case_no = goes_on_as) as earlier
        on earlier.kind = points.kind and earlier.case_subject = points.case_subject
),

answered as (
    select
        joined.* exclude (answer, answered_on),
        coalesce(rest.answer, given.answer, joined.answer) as answer,
        coalesce(rest.answered_on, given.answered_on, joined.answered_on) as answered_on,
        coalesce(rest.is_resting and place.case_subject is not null, false) as is_resting,
        coalesce(rest.closes_tonight, false) as closes_tonight,
        rest.muted_until, rest.answered_case,
        case when rest.is_own then rest.reopened_zh end as change_zh
    from joined
    left join cases.standing_rest as rest
        on rest.kind = joined.kind and rest.case_subject = joined.case_subject
        and (rest.is_own or rest.is_resting)
    left join cases.earlier_answer as given on given.case_no = joined.case_no
    left join cases.standing_place as place on place.case_subject = joined.case_subject
),

coloured as (
    select
        answered.*,
        case when answered.stands then tonight.colour else earlier_colour end as colour,
        tonight.severity - before.severity as rise
    from answered
    join cases.colour as tonight on answered.points >= tonight.points_from and answered.points < tonight.points_below
    left join cases.colour as before on before.colour = answered.earlier_colour
),

stated as (
    select
        *,
        case
            when is_resting and closes_tonight then 'closed'
            when is_resting then 'muted'
            when not stands then 'cleared'
            when change_zh is not null then 'reopened'
            when not hits then 'carried'
            when case_no is null then 'new'
            when rise > 0 then 'escalated'
            when rise < 0 then 'eased'
            else 'continuing'
        end as state
    from coloured
)

select
    kind, case_subject, case_no, is_same, colour, points, state, is_resting, answer, answered_on, answered_case,
    case when is_resting then muted_until end as muted_until,
    case state when 'reopened' then getvariable('as_of') else reopened_on end as reopened_on,
    case when state = 'reopened' then change_zh when not is_resting then reopened_zh end as reopened_zh,
    coalesce(first_seen, getvariable('as_of')) as first_seen,
    case when hits then getvariable('as_of') else coalesce(last_seen, getvariable('as_of')) end as last_seen,
    case when state not in ('reopened', 'muted') then first_listed end as first_listed
from stated
