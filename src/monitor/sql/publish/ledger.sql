-- One row per run and delivered file. Key: as_of, extract, delivery.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    extract, delivery, rows_read, loaded, superseded, quarantined, blanked, state, reason
from temp.runs_ledger
