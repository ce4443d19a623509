-- One row per household of the newest run. Key: household.
-- Left out: earlier runs, and head, name, phone, address and village, as in person.
select own.token as household, described.member_count, described.township, described.county, described.area_kind
from read_parquet(getvariable('newest_household')) as described
left join newest_token as own on own.subject = described.subject
