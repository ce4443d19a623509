-- One row is a household with a dwelling, shop or office of which a member is a holder.
-- Key: household. A unit that several members hold counts once; other uses are left out.
with units as (
    select
        member.household,
        estate.unit_no,
        bool_or(estate.estate_use = 'dwelling') as is_dwelling,
        bool_or(estate.estate_use in ('shop', 'office')) as is_non_dwelling,
        bool_or(
            estate.estate_use = 'dwelling'
            and coalesce(estate.is_commodity, false)
            and coalesce(estate.registered_on > cast(getvariable('as_of') - interval 12 month as date), false)
        ) as is_new_commodity
    from staging.mnr_realestate as estate
    join facts.person_wide as member on member.person = estate.person
    where member.is_member and estate.estate_use in ('dwelling', 'shop', 'office')
    group by member.household, estate.unit_no
)

select
    household,
    (count(*) filter (where is_dwelling))::integer as dwelling_count,
    (count(*) filter (where is_non_dwelling))::integer as non_dwelling_count,
    (count(*) filter (where is_new_commodity))::integer as dwelling_bought_12m_count
from units
group by household
