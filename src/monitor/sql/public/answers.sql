-- One row per county and answer: visits whose answer in force has been collected by the day. Key: place, item.
-- Read from the analyst file. Left out: reviews and random audits.
with newest as (
    select county, arg_max(answer, answer_order) as answer
    from answer
    where kind = 'visit' and collected_on <= getvariable('as_of')
    group by case_no, county
)

select county as place, answer as item, count(*) as answers
from newest
group by all
order by all
