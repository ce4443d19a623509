-- One row per run, indicator and county: what answers to visits say of a rule. Key: as_of, indicator, county.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    indicator, county, judged, fact, fact_low, fact_high, action, action_low, action_high, enrolment, enrolment_low,
    enrolment_high
from temp.runs_precision
