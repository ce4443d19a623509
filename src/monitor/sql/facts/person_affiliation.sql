-- One row: a person in a housing fund, on the public payroll or filed by the trade union. Key: person.
with listed as (
    select person, last_paid_month between w3_from and running_month as pays_fund, false as is_paid, false as is_filed
    from staging.mohurd_fund
    cross join (select running_month, w3_from from core.time_window where extract = 'mohurd_fund')
    union all
    select person, false, until is null or until > getvariable('as_of'), false
    from staging.mof_payroll
    union all
    select person, false, false, closed_on is null or closed_on > getvariable('as_of')
    from staging.acftu_worker
)

select
    person,
    coalesce(bool_or(pays_fund), false) as is_paying_housing_fund,
    bool_or(is_paid) as is_on_public_payroll,
    bool_or(is_filed) as is_hardship_worker
from listed
group by person
