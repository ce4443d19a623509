-- One row per case that was open on the last night, with the household or person that it belongs to tonight.
-- Key: case_no. Left out: cases that were cleared or closed then; they have ended and a later hit opens a new case.
-- Several cases of one kind can come to belong together (households that merged): the oldest goes on, the others end in it.
with open as (
    select *, case when household is null then id_key(subject) end as person_key
    from cases.previous_case
    where state not in ('cleared', 'closed')
),

placed as (
    select
        open.* exclude (person_key),
        coalesce(home.case_subject, person.household, open.person_key) as case_subject,
        coalesce(home.is_same, true) as is_same
    from open
    left join cases.earlier_home as home on home.household_id = open.household
    left join core.person as person on person.person = open.person_key
)

select
    *,
    first_value(case_no) over (
        partition by kind, case_subject order by first_seen, case_no
    ) as goes_on_as
from placed
