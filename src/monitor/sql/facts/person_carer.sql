-- One row: a person in whose household another adult lives. Key: person. Left out: persons without such an adult.
with youngest as (
    -- two of them, so that the youngest adult also finds another
    select household, min(age_years, 2) as ages
    from core.person
    where is_member and age_years >= 18
    group by household
),

others as (
    select
        p.person,
        case when p.is_member and p.age_years = y.ages[1] then y.ages[2] else y.ages[1] end as carer_age_years
    from core.person as p
    join youngest as y on y.household = p.household
)

select person, carer_age_years
from others
where carer_age_years is not null
