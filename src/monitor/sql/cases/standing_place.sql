-- One row per household or lone person of tonight that has, or had, a case: its id and its place.
-- Key: case_subject.
with wanted as (
    select case_subject from cases.standing_hit
    union
    select case_subject from cases.earlier_case
)

select
    wanted.case_subject, household.household_id as subject, household.household_id as household,
    household.county, household.township, household.village_code
from wanted
join core.household as household on household.household = wanted.case_subject
union all
select
    wanted.case_subject, person.id_no, null, person.county, person.township, person.village_code
from wanted
join core.person as person on person.person = wanted.case_subject
where person.household is null
