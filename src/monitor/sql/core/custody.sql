-- One row: a person in prison or drug detention at the as-of date, in the register or not. Key: person.
-- started_on is that of the longest record in force. Left out: community correction, records that have ended.
with in_force as (
    select person, started_on
    from staging.moj_custody
    where custody_kind in ('prison', 'drug')
      and (released_on is null or released_on > getvariable('as_of'))
      and (ends_on is null or ends_on > getvariable('as_of'))
)
select
    person,
    min(started_on) as started_on,
    cast(months_since(min(started_on), getvariable('as_of')) as integer) as custody_months
from in_force
group by person
