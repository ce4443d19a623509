-- One row per household of the newest run: all facts. Key: household. Left out: earlier runs, as in fact_person.
select token(subject) as household, known.* exclude (subject)
from temp.newest_facts_household as known
