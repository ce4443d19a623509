-- One row is a household with a small child, 90 days to 24 months old, who does not get dibao.
-- Key: household. Both ends count: a child of exactly 90 days and one born on this day 24 months ago.
select
    member.household,
    count(*)::integer as infant_without_dibao_count
from facts.person_wide as member
join core.person as person on person.person = member.person
where
    member.is_member
    and member.age_years <= 2
    and not member.on_dibao
    and person.birth_date <= getvariable('as_of') - 90
    and person.birth_date >= cast(getvariable('as_of') - interval 24 month as date)
group by member.household
