-- Passing. One row: a known person, before it is seen whether the assigned household exists. Key: person.
-- assigned_household is that of the family list, else of the register. A status dated after the as-of date is normal.
with people as (
    select
        id_no_key as person,
        true as in_registry,
        name,
        sex,
        birth_date,
        hukou_no,
        relation,
        coalesce(hukou_type, 'rural') as hukou_type,
        case when status_date > getvariable('as_of') then 'normal' else status end as status,
        case when status_date > getvariable('as_of') then null else status_date end as status_date,
        father_id_no_key as father,
        mother_id_no_key as mother,
        village_code,
        residence_village,
        phone,
        address
    from landing.psb_resident
    union all by name
    select person, false as in_registry, name, village_code from core.stranger
)
select
    people.person,
    people.in_registry,
    people.name,
    people.sex,
    coalesce(people.birth_date, birth_in_id(people.person)) as birth_date,
    people.hukou_no,
    family.family_no,
    coalesce(family.relation, people.relation) as relation,
    people.hukou_type,
    people.status,
    people.status_date,
    people.father,
    people.mother,
    people.village_code,
    people.residence_village,
    people.phone,
    people.address,
    coalesce('F:' || family.family_no, 'H:' || people.hukou_no) as assigned_household,
    death.person is not null as is_dead,
    death.death_date,
    coalesce(death.death_sources_count, 0) as death_sources_count,
    custody.person is not null as is_in_custody,
    people.in_registry and people.status = 'normal' and death.person is null and custody.person is null as is_member
from people
left join core.family_listing as family using (person)
left join core.death as death using (person)
left join core.custody as custody using (person)
