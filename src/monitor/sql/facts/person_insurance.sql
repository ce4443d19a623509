-- View. One row: a person with social insurance or registered migrant work. Key: person. Left out: persons without a record.
select
    person,
    is_insured_worker,
    -- counts to the month of the newest delivery, not to D
    case when paid_month > running_month then 0 else date_diff('month', paid_month, running_month) end::integer
        as lapsed_insurance_months,
    is_migrant_worker,
    case when most_months_worked is not null then most_months_worked when not is_migrant_worker then 0 end::integer
        as months_worked_12m
from facts.person_insured
cross join (select running_month from core.time_window where extract = 'hrss_insurance')
