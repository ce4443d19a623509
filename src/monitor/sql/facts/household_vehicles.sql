-- One row is a household with a car, truck, bus or machine of a member that is not scrapped.
-- Key: household. Motorcycles and tricycles are left out. A price is blank when none of the vehicles it is about has one.
with vehicles as (
    select
        member.household,
        vehicle.vehicle_kind,
        vehicle.purchase_price,
        coalesce(
            vehicle.registered_on > cast(getvariable('as_of') - interval 12 month as date), false
        ) as is_recent
    from staging.psb_vehicle as vehicle
    join facts.person_wide as member on member.person = vehicle.person
    where
        member.is_member
        and vehicle.vehicle_kind in ('car', 'truck', 'bus', 'machinery')
        and not coalesce(vehicle.scrapped, false)
)

select
    household,
    count(*)::integer as vehicle_count,
    cast(max(purchase_price) as decimal(18, 2)) as vehicle_dearest_yuan,
    cast(
        case when count(*) filter (where is_recent) = 0 then 0 else max(purchase_price) filter (where is_recent) end
        as decimal(18, 2)
    ) as vehicle_bought_12m_yuan,
    (count(*) filter (where vehicle_kind = 'machinery'))::integer as machinery_count,
    (count(*) filter (where vehicle_kind in ('truck', 'bus')))::integer as truck_count
from vehicles
group by household
