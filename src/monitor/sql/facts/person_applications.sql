-- One row: a person with an application for assistance. Key: person. Left out: persons without one.
with per_person as (
    select
        person,
        arg_max({'decided_on': decided_on, 'refusal': refusal}, newest(decided_on, _order))
            filter (where decision = 'refused' and decided_on <= getvariable('as_of')) as refused,
        min(applied_on) filter (where decision = 'pending') as pending_since
    from staging.mca_application
    group by person
)

select
    person,
    refused is not null as was_refused,
    months_since(refused.decided_on, getvariable('as_of'))::integer as refused_months,
    refused.refusal as refused_for,
    -- waiting counts to the newest delivery
    case when pending_since < e then e - pending_since else 0 end::integer as application_open_days
from per_person
cross join (select e from core.time_window where extract = 'mca_application')
