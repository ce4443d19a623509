-- View. One row: a person who works, may work or whose work is on record. Key: person.
-- Left out: everybody else, who does not work as far as is known.
select person, is_employed, work_is_on_record
from facts.person_income
where work_is_on_record or is_employed is not false
