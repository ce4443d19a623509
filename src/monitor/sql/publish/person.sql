-- One row per person of the newest run. Key: person.
-- Left out: earlier runs (a person is described once; history is in hit and case_history), and whatever names or finds somebody:
-- name, ID, day of birth, phone, address, village. The township stays, because it is where lists are made and compared; a village
-- of a few hundred people would give a person away by age and sex alone.
select
    own.token as person,
    home.token as household,
    described.sex,
    year(described.birth_date) as birth_year,
    described.is_member, described.is_living, described.township, described.county, described.area_kind
from read_parquet(getvariable('newest_person')) as described
left join newest_token as own on own.subject = described.subject
left join newest_token as home on home.subject = described.household
