-- One row per household of the newest run: all facts. Key: household. Left out: earlier runs, as in fact_person.
select own.token as household, known.* exclude (subject)
from read_parquet(getvariable('newest_facts_household')) as known
left join newest_token as own on own.subject = known.subject
