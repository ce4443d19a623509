-- One row per hit that stood in a case on the last night, with its subject's key tonight.
-- Key: indicator, subject (of two that come to mean the same tonight, the one that hit last). A person's hit goes with the person.
-- Left out: hits of households that are gone and whose head stands alone; there is nobody left to ask.
select
    earlier.kind, coalesce(place.case_subject, earlier.case_subject) as case_subject,
    hit.indicator, hit.unit, place.subject, hit.level, hit.points, hit.family,
    hit.reason_zh, hit.first_seen, hit.last_hit, hit.evidence, hit.measure
from cases.previous_case_hit as hit
join cases.earlier_case as earlier on earlier.case_no = hit.case_no
join cases.earlier_subject as place on place.unit = hit.unit and place.subject_id = hit.subject
where place.subject is not null
qualify row_number() over (
    partition by hit.indicator, place.subject order by hit.last_hit desc, hit.first_seen, hit.case_no
) = 1
