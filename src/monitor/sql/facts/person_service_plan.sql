-- One row: a person ever taken on as a long-term client of services. Key: person.
with client as (
    select
        person,
        started_on,
        planned_days,
        planned_hours,
        ended_on is null or ended_on > getvariable('as_of') as is_service_client
    from staging.mca_service_client
)

select
    person,
    is_service_client,
    coalesce(planned_days, 25)::integer as planned_service_days,
    coalesce(planned_hours, 60)::decimal(18, 4) as planned_service_hours,
    is_service_client and started_on <= (date_trunc('month', getvariable('as_of')) - interval 1 month)::date
        as was_client_all_last_month
from client
