-- One row per case that had been answered by the night, with the answer in force then. Key: case_no.
select
    case_no,
    arg_max(kind, answer_order) as kind,
    arg_max(county, answer_order) as county,
    arg_max(indicators, answer_order) as indicators,
    arg_max(coalesce(household, subject), answer_order) as subject,
    arg_max(answer, answer_order) as answer,
    max(collected_on) > coalesce(cast(getvariable('after') as date), date '1900-01-01') as is_of_period
from warehouse.answer
where collected_on <= getvariable('as_of')
group by case_no
