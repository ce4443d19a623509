-- Passing. One row per county, night of the trend, kind, state and colour of cases, and whether an answer had closed them before:
-- the one long look at the history. Key: county, as_of, kind, state, colour, had_closed.
with night as (
    select as_of, lag(as_of) over (order by as_of) as before
    from warehouse.run
),

-- closed by an answer, the case rests; it does not stand, and cannot end a second time. not_found mutes without closing
at_rest as (
    select earlier.case_no, night.as_of
    from warehouse.case_history as earlier
    join night on night.before = earlier.as_of
    where night.as_of between getvariable('trend_from') and getvariable('as_of')
        and earlier.state in ('closed', 'muted') and earlier.answer is distinct from 'not_found'
)

select
    history.county, history.as_of, history.kind, history.state, history.colour,
    at_rest.case_no is not null as had_closed, count(*) as cases
from warehouse.case_history as history
left join at_rest on at_rest.case_no = history.case_no and at_rest.as_of = history.as_of
where history.as_of between getvariable('trend_from') and getvariable('as_of')
group by all
