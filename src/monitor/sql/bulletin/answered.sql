-- One row per case that had been answered by the night, with the answer in force then. Key: case_no.
-- In force is the latest day, then the last row that came in, as in `learned.answer`: what is collected last may be older.
select
    case_no, kind, county, indicators, coalesce(household, subject) as subject, answer,
    collected_on > coalesce(cast(getvariable('after') as date), date '1900-01-01') as is_of_period
from warehouse.answer
where collected_on <= getvariable('as_of')
qualify row_number() over (partition by case_no order by answered_on desc, answer_order desc) = 1
