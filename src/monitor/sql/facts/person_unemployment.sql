-- One row: a person ever registered as unemployed. Key: person. The newest registration speaks.
with newest as (
    select person, arg_max({'registered_on': registered_on, 'status': status, 'benefit_end': benefit_end}, registered_on) as r
    from staging.hrss_unemployment
    group by person
),

judged as (
    select
        person,
        r.registered_on as registered_on,
        r.benefit_end as benefit_end,
        r.status in ('registered', 'receiving') as is_unemployed,
        coalesce(r.status <> 'reemployed' and r.benefit_end <= getvariable('as_of'), false) as has_ended
    from newest
)

select
    person,
    is_unemployed,
    case when is_unemployed then getvariable('as_of') - registered_on end::integer as unemployed_days,
    has_ended as unemployment_benefit_ended,
    case when has_ended then getvariable('as_of') - benefit_end end::integer as unemployment_benefit_ended_days
from judged
