-- One row per run and parameter value that was in force in some place. Key: as_of, parameter, region_code, area_kind.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    parameter, region_code, area_kind, valid_from, value, document
from temp.runs_parameters
