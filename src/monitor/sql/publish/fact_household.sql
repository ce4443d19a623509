-- One row per household of the newest run: all facts. Key: household. Left out: earlier runs, as in fact_person.
select token(subject) as household, known.* exclude (subject)
from read_parquet(getvariable('newest_facts_household'), union_by_name = true) as known
