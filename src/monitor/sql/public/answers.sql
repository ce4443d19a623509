-- One row per county and answer: visits whose answer in force has been collected by the day. Key: place, item.
-- Read from the analyst file. In force is the latest day, then the last row that came in. Left out: reviews and random audits.
with newest as (
    select county, answer
    from answer
    where kind = 'visit' and collected_on <= getvariable('as_of')
    qualify row_number() over (partition by case_no order by answered_on desc, answer_order desc) = 1
)

select county as place, answer as item, count(*) as answers
from newest
group by all
order by all
