-- One row: a person on a care list of civil affairs. Key: person. Without a visit on file the person was never visited.
with per_person as (
    select
        person,
        bool_or(care_kind = 'left_behind_child') as is_left_behind_child,
        bool_or(care_kind = 'homeless') as is_homeless,
        max(last_visit_on) as last_visit_on
    from staging.mca_care
    group by person
),

-- counts to the newest delivery; a visit dated after it was 0 days ago
visited as (
    select *, case when last_visit_on > e then 0 else e - last_visit_on end::integer as care_visit_days
    from per_person
    cross join (select e from core.time_window where extract = 'mca_care')
)

select
    person,
    is_left_behind_child,
    is_homeless,
    care_visit_days,
    care_visit_days is null or care_visit_days > 90 as care_visit_overdue
from visited
