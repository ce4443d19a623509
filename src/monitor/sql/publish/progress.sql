-- One row per run, kind, county and township. Key: as_of, kind, county, township.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    kind, county, township, listed, overdue, answered, answered_recently, judged, fact, action, enrolment, fact_share,
    fact_low, fact_high, visitors, answered_per_visitor, listed_per_visitor
from temp.runs_progress
