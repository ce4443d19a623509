-- One row per run and extract. Key: as_of, extract.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    extract, newest_delivery, age_days, late_after, is_stale
from temp.runs_freshness
