-- One row per person or household of whom the last night's cases remember a hit or an answer: who and where they are tonight.
-- Key: unit, subject_id. A hit and an answer go with the person, into whatever household; those of a household go with its home.
-- subject is null when nobody is left to ask, case_subject when a person is not known any more.
with named as (
    select unit, subject as subject_id from cases.previous_case_hit
    union
    select unit, subject from cases.previous_case_answer
),

keyed as (
    select
        unit, subject_id,
        case when unit = 'person' then id_key(subject_id) end as person_key,
        case when unit = 'household' then subject_id end as household_id
    from named
)

select
    keyed.unit, keyed.subject_id,
    coalesce(keyed.person_key, home.household) as subject,
    case keyed.unit when 'household' then home.case_subject else coalesce(person.household, person.person) end as case_subject
from keyed
left join cases.earlier_home as home on home.household_id = keyed.household_id
left join core.person as person on person.person = keyed.person_key
