-- Passing. One row per county, night of the trend, kind, state and colour of cases: the one long look at the history.
-- Key: county, as_of, kind, state, colour.
select county, as_of, kind, state, colour, count(*) as cases
from warehouse.case_history
where as_of between getvariable('trend_from') and getvariable('as_of') and kind <> 'audit'
group by county, as_of, kind, state, colour
