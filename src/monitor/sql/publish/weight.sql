-- One row per run and indicator that has been judged. Key: as_of, indicator.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    indicator, judged, fact, weight
from temp.runs_weight
