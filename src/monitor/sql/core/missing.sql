-- One row: a person whom the register calls missing. Key: person.
-- missing_months is 99 when the register gives no date. Left out: persons missing from after the as-of date.
select
    person,
    status_date as missing_since,
    cast(coalesce(months_since(status_date, getvariable('as_of')), 99) as integer) as missing_months
from staging.psb_resident
where status = 'missing'
  and (status_date <= getvariable('as_of') or status_date is null)
