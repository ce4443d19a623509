-- One row per household or lone person of tonight that has, or had, a case: its id and its place.
-- Somebody of whom a late department alone may know stays where the case was.
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
union all
select
    earlier.case_subject, arg_min(earlier.subject, earlier.case_no), null, arg_min(earlier.county, earlier.case_no),
    arg_min(earlier.township, earlier.case_no), arg_min(earlier.village, earlier.case_no)
from cases.earlier_case as earlier
semi join cases.standing_hit as standing on standing.case_subject = earlier.case_subject
anti join core.household as household on household.household = earlier.case_subject
anti join core.person as person on person.person = earlier.case_subject
group by earlier.case_subject
