-- One row per region of the newest run. Key: code.
select code, name, level, parent, full_name
from read_parquet(getvariable('newest_region'), union_by_name = true)
