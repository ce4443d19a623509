-- One row per run, process indicator and subject. Key: as_of, indicator, subject.
select
    cast(split_part(filename, '/', -2) as date) as as_of,
    indicator, county, township, token(subject) as subject, level, to_month(evidence) as evidence, reasons_zh
from temp.runs_supervision
