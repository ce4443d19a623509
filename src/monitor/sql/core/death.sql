-- One row: a dead person, in the register or not. Key: person.
-- death_date is the earliest date that a source gives, blank when none does. Left out: deaths dated after the as-of date.
with register as (
    select person, status_date as died_on
    from staging.psb_resident
    where status = 'dead'
      and (status_date <= getvariable('as_of') or status_date is null)
),
reports as (
    select person, died_on from register
    union all
    select person, died_on from staging.nhc_death
    union all
    select person, died_on from staging.mca_funeral
)
select
    person,
    min(died_on) as death_date,
    cast(count(*) as integer) as death_sources_count
from reports
group by person
