-- One row: a dead person with a service on file. Key: person. Left out: everybody else.
-- Of somebody dead without a date it is not known whether a service came after the death.
select
    o.person,
    case when d.death_date is not null then count(*) filter (where o.served_on > d.death_date) end::integer
        as served_after_death_count
from staging.mca_service_order as o
join core.death as d on d.person = o.person
where o.served_on is not null
group by o.person, d.death_date
