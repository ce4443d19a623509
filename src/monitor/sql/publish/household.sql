-- One row per household of the newest run. Key: household.
-- Left out: earlier runs, and head, name, phone, address and village, as in person.
select token(subject) as household, member_count, township, county, area_kind
from temp.newest_household
