-- One row: a person with a living adult child in another household. Key: person. Left out: everybody else.
with children as (
    select person as child, household, father as parent
    from core.person
    where is_living and age_years >= 18 and father is not null
    union
    select person, household, mother
    from core.person
    where is_living and age_years >= 18 and mother is not null
)

-- without a household, one stands alone and is not of the same
select p.person, count(*)::integer as children_elsewhere_count
from children as c
join core.person as p on p.person = c.parent
where coalesce(c.household <> p.household, true)
group by p.person
