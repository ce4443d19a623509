-- One row per run and indicator that it asked. Key: as_of, indicator. Left out: examples, and what to ask at the door.
select
    as_of, indicator, title_zh, title_en, domain, unit, direction, level, points, family, route, why, rule, exempt,
    evidence, parameters, since, until
from catalogues
order by as_of, indicator
