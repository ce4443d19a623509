-- One row is a household with a member in the disaster register, however long ago.
-- Key: household. Losses and reliefs that are not given are 0, a damage that is not given is none.
with reports as (
    select
        member.household,
        disaster.disaster_kind,
        disaster.happened_on,
        disaster.house_damage,
        disaster.loss,
        disaster.relief_paid,
        disaster.happened_on > cast(getvariable('as_of') - interval 12 month as date) as is_recent
    from staging.mem_disaster as disaster
    join facts.person_wide as member on member.person = disaster.person
    where member.is_member
)

select
    household,
    case
        when count(*) filter (where is_recent and house_damage = 'collapsed') > 0 then 'collapsed'
        when count(*) filter (where is_recent and house_damage = 'serious') > 0 then 'serious'
        when count(*) filter (where is_recent and house_damage = 'minor') > 0 then 'minor'
        else 'none'
    end as house_damage_12m,
    count(*) filter (where is_recent) > 0 as had_disaster_12m,
    (getvariable('as_of') - max(happened_on))::integer as disaster_days,
    coalesce(getvariable('as_of') - max(happened_on) filter (where house_damage = 'collapsed'), 0)::integer as collapse_days,
    cast(coalesce(sum(loss) filter (where is_recent), 0) as decimal(18, 2)) as disaster_loss_12m_yuan,
    cast(coalesce(sum(relief_paid) filter (where is_recent), 0) as decimal(18, 2)) as disaster_relief_12m_yuan,
    count(*) filter (where disaster_kind = 'fire' and happened_on > getvariable('as_of') - 180) > 0 as fire_180d
from reports
group by household
