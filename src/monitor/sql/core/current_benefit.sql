-- One row: a benefit record that is current at the as-of date. Key: person, benefit, start_date, village_code.
-- Left out: suspended and ended records, and records whose end_date has come.
select
    person,
    benefit,
    family_no,
    start_date,
    end_date,
    monthly_amount,
    village_code,
    left(village_code, 6) as county,
    reviewed_on,
    _order
from staging.mca_assistance
where status = 'active'
  and (end_date is null or end_date > getvariable('as_of'))
