-- One row is a household that lost a crop in the last 12 months: the share of its land.
-- Key: household. Households that lost nothing are left out. The share is blank when no land is on record.
with losses as (
    select
        member.household,
        -- ten-thousandths of a 亩 are divided, so that no float comes in
        cast(sum(disaster.crop_loss_mu) * 10000 as hugeint) as lost
    from staging.mem_disaster as disaster
    join facts.person_wide as member on member.person = disaster.person
    where member.is_member and disaster.happened_on > cast(getvariable('as_of') - interval 12 month as date)
    group by member.household
    having sum(disaster.crop_loss_mu) > 0
),

with_land as (
    select
        losses.household,
        losses.lost,
        cast(land.land_mu * 10000 as hugeint) as owned
    from losses
    left join facts.household_land as land on land.household = losses.household
)

select
    household,
    cast(
        case when owned > 0 then rounded_quotient(10000 * lost, owned) end * 0.0001 as decimal(18, 4)
    ) as crop_loss_share
from with_land
