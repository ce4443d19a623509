-- One row per case that was open or at rest on the last night, with the household or person that it belongs to tonight.
-- Key: case_no. Left out: cases that were cleared then; they have ended and a later hit opens a new case. Audits: see audit.
-- Several cases of one kind can come to belong together (households that merged): the oldest goes on, the others end in it.
-- A household that moves keeps its case and its number, and takes it to the list of its new township.
with alive as (
    select *, case when household is null then id_key(subject) end as person_key
    from cases.previous_case
    where state <> 'cleared' and kind <> 'audit'
),

placed as (
    select
        alive.* exclude (person_key),
        coalesce(home.case_subject, person.household, alive.person_key) as case_subject,
        coalesce(home.is_same, true) as is_same
    from alive
    left join cases.earlier_home as home on home.household_id = alive.household
    left join core.person as person on person.person = alive.person_key
)

select
    *,
    first_value(case_no) over (
        partition by kind, case_subject order by first_seen, case_no
    ) as goes_on_as
from placed
