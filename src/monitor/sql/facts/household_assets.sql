-- One row is a household: whether what it owns is within the limits of its place.
-- Key: household. No household is left out. A price that nobody gave counts as within.
with owned as (
    select
        home.household,
        home.place_id,
        case when vehicles.household is null then 0 else vehicles.vehicle_dearest_yuan end as dearest_yuan,
        coalesce(estate.dwelling_count, 0) as dwelling_count,
        coalesce(estate.non_dwelling_count, 0) as non_dwelling_count,
        coalesce(entities.company_count, 0) as company_count
    from core.household as home
    left join facts.household_vehicles as vehicles on vehicles.household = home.household
    left join facts.household_estate as estate on estate.household = home.household
    left join facts.household_entities as entities on entities.household = home.household
)

select
    owned.household,
    coalesce(owned.dearest_yuan < limits.vehicle_price_limit_yuan, true)
        and owned.dwelling_count <= limits.dwelling_limit
        and owned.non_dwelling_count = 0
        and owned.company_count = 0 as assets_within_limits
from owned
join parameters.in_force as limits on limits.place_id = owned.place_id
