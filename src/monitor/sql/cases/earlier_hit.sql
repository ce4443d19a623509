-- One row per hit that stood in an open case on the last night, with its subject's key tonight.
-- Key: indicator, subject (of two that come to mean the same tonight, the one that hit last). A person's hit goes with the person.
-- Left out: hits of households that are gone and whose head stands alone; there is nobody left to ask.
with stood as (
    select
        hit.*, earlier.kind, earlier.case_subject as case_of,
        case when hit.unit = 'person' then id_key(hit.subject) end as person_key,
        case when hit.unit = 'household' then hit.subject end as household_id
    from cases.previous_case_hit as hit
    join cases.earlier_case as earlier on earlier.case_no = hit.case_no
),

placed as (
    select
        stood.*,
        coalesce(stood.person_key, home.household) as subject_key,
        case
            when stood.unit = 'household' then home.case_subject
            else coalesce(person.household, person.person, stood.case_of)
        end as case_subject
    from stood
    left join cases.earlier_home as home on home.household_id = stood.household_id
    left join core.person as person on person.person = stood.person_key
)

select
    kind, case_subject, indicator, unit, subject_key as subject, level, points, family,
    reason_zh, first_seen, last_hit, evidence, measure
from placed
where subject_key is not null
qualify row_number() over (partition by indicator, subject_key order by last_hit desc, first_seen, case_no) = 1
