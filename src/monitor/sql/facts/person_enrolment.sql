-- One row: a person insured with the basic medical insurance in the year of the newest delivery. Key: person.
-- Whether the premium was subsidised is not known when the cell is empty.
select
    person,
    true as is_insured_this_year,
    subsidised as is_insurance_subsidised
from staging.nhsa_enrolment
cross join (select e from core.time_window where extract = 'nhsa_enrolment')
where year = year(e)
