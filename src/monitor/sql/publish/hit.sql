-- One row per run, indicator and subject that it hit. Key: as_of, indicator, subject.
-- Left out: the day of death, as in fact_person.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    indicator, unit, token(subject) as subject, token(household) as household, county, level, to_month(evidence) as evidence, measure,
    direction, family
from temp.runs_hits
