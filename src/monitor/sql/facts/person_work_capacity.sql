-- One row: a person who cannot be expected to work, for age or for a valid disability. Key: person. Left out: everybody else.
select core.person.person, true as has_no_work_capacity
from core.person
left join facts.person_disability as d on d.person = core.person.person
where core.person.age_years < 16
    or core.person.age_years >= 60
    or (
        d.has_valid_disability
        and (
            (d.disability_kind in (5, 6) and d.disability_grade <= 3)
            or (d.disability_kind = 4 and d.disability_grade <= 2)
            or (d.disability_kind = 1 and d.disability_grade = 1)
        )
    )
