-- One row per run and indicator that has been judged. Key: as_of, indicator.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    indicator, judged, fact, weight
from read_parquet(getvariable('weight'), filename = true, union_by_name = true)
