-- One row is a household that lost an earner: somebody of 18-59 of a member's hukou book or family list died within 180 days, or
-- is in prison or drug detention. Key: household. Whoever died or is detained need not be of the household, nor in the register.
with shocks as (
    select person, death_date, null as custody_months
    from core.death
    where death_date > getvariable('as_of') - 180
    union all
    select person, null as death_date, custody_months
    from core.custody
),

people as (
    select
        shocks.death_date,
        shocks.custody_months,
        person.hukou_no,
        family.family_no,
        coalesce(person.birth_date, birth_in_id(shocks.person)) as birth_date
    from shocks
    left join core.person as person on person.person = shocks.person
    left join core.family_listing as family on family.person = shocks.person
),

earners as (
    select hukou_no, family_no, death_date is not null as has_died, custody_months
    from people
    where years_since(birth_date, coalesce(death_date, getvariable('as_of'))) between 18 and 59
),

-- by book and by list first, so that a book of ten thousand people meets its losses once
books as (
    select hukou_no, bool_or(has_died) as has_died, max(custody_months) as custody_months
    from earners
    where hukou_no is not null
    group by hukou_no
),

lists as (
    select family_no, bool_or(has_died) as has_died, max(custody_months) as custody_months
    from earners
    where family_no is not null
    group by family_no
),

touched as (
    select member.household, books.has_died, books.custody_months
    from core.person as member
    join books on books.hukou_no = member.hukou_no
    where member.is_member
    union all
    select member.household, lists.has_died, lists.custody_months
    from core.person as member
    join lists on lists.family_no = member.family_no
    where member.is_member
)

select
    household,
    bool_or(has_died) as earner_death_180d,
    coalesce(max(custody_months), 0)::integer as earner_custody_months
from touched
group by household
