-- One row per hit that stands in an open case tonight.
-- Key: case_no, indicator, subject_key. The memory of the next night: what of a case hit last, and when.
select
    opened.case_no, hit.indicator, hit.unit,
    case hit.unit when 'household' then opened.household else id_text(hit.subject) end as subject,
    hit.subject as subject_key,
    hit.state, hit.level, hit.points, hit.family, hit.reason_zh, hit.first_seen, hit.last_hit, hit.evidence, hit.measure,
    hit.late_zh
from cases.standing_hit as hit
join cases.case as opened on opened.kind = hit.kind and opened.case_subject = hit.case_subject
