-- One row per run, case, indicator and subject: what stood in the case. Key: as_of, case_no, indicator, subject.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    case_no, indicator, unit, token(subject) as subject, state, level, points, family, reason_zh, first_seen, last_hit,
    to_month(evidence) as evidence, measure, late_zh
from temp.runs_case_hits
