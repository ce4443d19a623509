-- One row: a person who left a trace in some department's records within 12 months. Key: person. Left out: everybody else.
-- A care visit and a service are one kind of trace, whichever of the two there is.
with met as (
    select person, last_visit_on as met_on from staging.mca_care
    union all
    select person, served_on from staging.mca_service_order
),

-- each source names a person once
traces as (
    select person from facts.person_health_spending
    union all
    select person from facts.person_earnings
    union all
    select person from facts.person_insured where has_paid_12m
    union all
    select person from facts.person_pension
    union all
    select person from facts.person_learning where is_student
    union all
    select distinct person
    from met
    where met_on > (getvariable('as_of') - interval 12 month)::date and met_on <= getvariable('as_of')
)

select person, count(*)::integer as traces_12m_count
from traces
group by person
