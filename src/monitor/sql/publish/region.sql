-- One row per region of the newest run. Key: code.
select code, name, level, parent, full_name
from temp.newest_region
