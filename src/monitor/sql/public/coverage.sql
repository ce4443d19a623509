-- One row per county, domain and outcome: questions that the rules asked of persons and households. Key: place, item.
-- Read from the analyst file.
with asked as (
    from coverage select county, left(indicator, 3) as domain, hit, clear, unknown, exempt
    where as_of = getvariable('as_of')
),

outcome as (
    unpivot asked on hit, clear, unknown, exempt into name outcome value questions
)

select county as place, domain || '_' || outcome as item, sum(questions)::bigint as questions
from outcome
group by all
order by all
