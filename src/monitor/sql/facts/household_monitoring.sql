-- One row is a household with a member who is, or was, watched against falling back into poverty.
-- Key: household. Households that never were are left out.
select
    member.household,
    count(*) filter (where not monitor.risk_removed) > 0 as is_monitored,
    true as was_monitored
from staging.mara_monitor as monitor
join facts.person_wide as member on member.person = monitor.person
where member.is_member
group by member.household
