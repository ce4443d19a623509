-- One row per household (or lone person) and kind: the case that goes on or is opened tonight, its points, colour and state.
-- Key: kind, case_subject. Cleared only when nothing of it hits and nothing is unknown (it keeps its last colour and points);
-- carried when nothing hits but something is unknown: that something makes its points. Left out: cases that end in another one.
with joined as (
    select
        coalesce(points.kind, earlier.kind) as kind,
        coalesce(points.case_subject, earlier.case_subject) as case_subject,
        earlier.case_no, earlier.is_same, earlier.first_seen, earlier.last_seen, earlier.first_listed,
        earlier.colour as earlier_colour,
        coalesce(points.points, earlier.points) as points,
        case when points.hits is null then 'cleared' when not points.hits then 'carried' end as silent_state
    from cases.standing_points as points
    full join (select * from cases.earlier_case where case_no = goes_on_as) as earlier
        on earlier.kind = points.kind and earlier.case_subject = points.case_subject
),

coloured as (
    select
        joined.*,
        case when silent_state = 'cleared' then earlier_colour else tonight.colour end as colour,
        tonight.severity - before.severity as rise
    from joined
    join cases.colour as tonight on joined.points >= tonight.points_from and joined.points < tonight.points_below
    left join cases.colour as before on before.colour = joined.earlier_colour
)

select
    kind, case_subject, case_no, is_same, colour, points, first_listed,
    case
        when silent_state is not null then silent_state
        when case_no is null then 'new'
        when rise > 0 then 'escalated'
        when rise < 0 then 'eased'
        else 'continuing'
    end as state,
    coalesce(first_seen, getvariable('as_of')) as first_seen,
    case when silent_state is null then getvariable('as_of') else last_seen end as last_seen
from coloured
