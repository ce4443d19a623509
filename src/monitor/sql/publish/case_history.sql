-- One row per run and case that was open or ended in it. Key: as_of, case_no. Left out: the village, as in person.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    case_no, kind, token(subject) as subject, token(household) as household, county, township, colour, points, state,
    first_seen, last_seen, first_listed, due, indicators, reasons_zh, ended_zh,
    answer, answered_on, muted_until, reopened_on, reopened_zh, score, rank_zh
from temp.runs_cases
