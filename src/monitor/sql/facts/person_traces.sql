-- One row: a person who left a trace in some department's records within 12 months. Key: person. Left out: everybody else.
-- A care visit and a service are one kind of trace, whichever of the two there is.
with insured as (
    select distinct person
    from staging.hrss_insurance
    cross join (select w12_from from core.time_window where extract = 'hrss_insurance')
    where last_paid_month >= w12_from
),

visited as (
    select person
    from staging.mca_care
    where last_visit_on > (getvariable('as_of') - interval 12 month)::date and last_visit_on <= getvariable('as_of')
    union
    select person
    from staging.mca_service_order
    where served_on > (getvariable('as_of') - interval 12 month)::date and served_on <= getvariable('as_of')
),

-- each source names a person once
traces as (
    select person from facts.person_health_spending
    union all
    select person from facts.person_earnings
    union all
    select person from insured
    union all
    select person from facts.person_pension
    union all
    select person from facts.person_learning where is_student
    union all
    select person from visited
)

select person, count(*)::integer as traces_12m_count
from traces
group by person
