-- One row per household of the newest run. Key: household.
-- Left out: earlier runs, and head, name, phone, address and village, as in person.
select token(subject) as household, member_count, township, county, area_kind
from read_parquet(getvariable('newest_household'), union_by_name = true)
