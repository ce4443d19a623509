-- One row: a person with a service order. Key: person. What waits counts to the newest delivery (e), windows run to D.
with orders as (
    select
        person,
        ordered_on,
        dispatched_on,
        served_on,
        followed_up_on,
        satisfaction,
        coalesce(signed, false) as is_signed,
        getvariable('as_of') - served_on as served_days,
        getvariable('as_of') - followed_up_on as followed_up_days
    from staging.mca_service_order
),

per_person as (
    select
        person,
        min(ordered_on) filter (where dispatched_on is null and served_on is null) as undispatched_since,
        min(dispatched_on) filter (where served_on is null) as unserved_since,
        count(*) filter (where served_days >= 0 and served_days < 90 and not is_signed) as unsigned,
        min(served_on) filter (where served_days >= 0 and served_days < 180 and followed_up_on is null) as no_follow_up_since,
        count(*) filter (where followed_up_days >= 0 and followed_up_days < 90 and satisfaction in (1, 2)) as dissatisfied
    from orders
    group by person
)

select
    person,
    case when undispatched_since < e then e - undispatched_since else 0 end::integer as undispatched_order_days,
    case when unserved_since < e then e - unserved_since else 0 end::integer as unserved_order_days,
    unsigned::integer as unsigned_service_90d_count,
    case when no_follow_up_since < e then e - no_follow_up_since else 0 end::integer as no_follow_up_order_days,
    dissatisfied::integer as dissatisfied_90d_count
from per_person
cross join (select e from core.time_window where extract = 'mca_service_order')
