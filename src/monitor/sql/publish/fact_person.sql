-- One row per person of the newest run: all facts. Key: person.
-- Left out: earlier runs; 200 columns of every person of every night would be the larger part of the file and are read by nobody;
-- the day of death, which stands in obituaries and with its township tells who it was: the first of its month stands instead.
select
    token(subject) as person,
    known.* exclude (subject) replace (cast(date_trunc('month', death_date) as date) as death_date)
from temp.newest_facts_person as known
