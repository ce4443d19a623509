-- One row per run and county: what random audits say of need that no rule sees. Key: as_of, county.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    county, households, visited, judged, missed, share, share_low, share_high, missed_households,
    missed_households_low, missed_households_high
from temp.runs_missed_need
