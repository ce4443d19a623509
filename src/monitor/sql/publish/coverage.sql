-- One row per run, indicator and county: numerator and denominator. Key: as_of, indicator, county.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    indicator, county, hit, clear, unknown, exempt
from temp.runs_coverage
