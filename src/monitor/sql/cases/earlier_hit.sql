-- One row per hit that stood in an open case on the last night, with its subject's key tonight.
-- Key: indicator, subject (of two that come to mean the same tonight, the one that hit last). A person's hit goes with the person.
-- Left out: hits of households that are gone and whose head stands alone; there is nobody left to ask.
with placed as (
    select
        hit.*,
        earlier.kind,
        case hit.unit when 'household' then home.household else id_key(hit.subject) end as subject_key,
        case hit.unit
            when 'household' then home.case_subject
            else coalesce(person.household, person.person, earlier.case_subject)
        end as case_subject
    from cases.previous_case_hit as hit
    join cases.earlier_case as earlier on earlier.case_no = hit.case_no
    left join cases.earlier_home as home on hit.unit = 'household' and home.household_id = hit.subject
    left join core.person as person on hit.unit = 'person' and person.person = id_key(hit.subject)
)

select
    kind, case_subject, indicator, unit, subject_key as subject, level, points, family,
    reason_zh, first_seen, last_hit, evidence, measure
from placed
where subject_key is not null
qualify row_number() over (partition by indicator, subject_key order by last_hit desc, first_seen, case_no) = 1
