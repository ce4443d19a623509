-- Sliced by person of core.known. One row: a known person, in the household and place where the person is counted. Key: person.
-- household is blank for somebody whose assigned household has no member: that person stands alone, at the own place.
-- Left out: what follows from these columns, see core.person.
with placed as (
    select
        known.* exclude (village_code, assigned_household),
        head.head as household,
        head.household_id,
        case when head.head is null then known.village_code else head.village_code end as village_code,
        coalesce(head.area_kind, known.hukou_type, 'rural') as area_kind
    from core.known
    left join core.head on head.household_id = known.assigned_household
)
select
    placed.person,
    placed.name,
    placed.sex,
    placed.birth_date,
    cast(years_since(placed.birth_date, getvariable('as_of')) as integer) as age_years,
    placed.hukou_no,
    placed.family_no,
    placed.relation,
    placed.hukou_type,
    placed.status,
    placed.status_date,
    placed.in_registry,
    placed.is_dead,
    placed.death_date,
    placed.death_sources_count,
    placed.is_in_custody,
    placed.father,
    placed.mother,
    placed.residence_village,
    placed.phone,
    placed.address,
    placed.household,
    placed.household_id,
    placed.is_member,
    placed.village_code,
    placed.area_kind,
    place.place_id
from placed
join core.place on place.village_code is not distinct from placed.village_code and place.area_kind = placed.area_kind
