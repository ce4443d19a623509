-- One row per person of the newest run. Key: person.
-- Left out: earlier runs (a person is described once; history is in hit and case_history), and whatever names or finds somebody:
-- name, ID, day of birth, phone, address, village. The township stays, because it is where lists are made and compared; a village
-- of a few hundred people would give a person away by age and sex alone.
select
    token(subject) as person,
    token(household) as household,
    sex,
    year(birth_date) as birth_year,
    is_member, is_living, township, county, area_kind
from temp.newest_person
