-- One row per run. Key: as_of.
select as_of, run_id, software, previous
from manifests
order by as_of
