-- One row is a household: how many members it has, of which ages and abilities, and where its head is registered.
-- Key: household. No household is left out.
select
    member.household,
    count(*)::integer as member_count,
    (count(*) filter (where member.age_years < 18))::integer as minor_count,
    (count(*) filter (where member.age_years >= 60))::integer as elder_count,
    (count(*) filter (where member.age_years >= 18))::integer as adult_count,
    (count(*) filter (
        where member.age_years between 16 and 59 and not member.is_student and not member.has_no_work_capacity
    ))::integer as working_age_count,
    (count(*) filter (
        where member.age_years < 16 or member.age_years >= 60 or member.is_severely_disabled
    ))::integer as dependent_count,
    (count(*) filter (where member.age_years between 18 and 59 and not member.has_no_work_capacity))::integer
        as able_young_adult_count,
    (count(*) filter (where not member.on_dibao and not member.on_tekun))::integer as not_on_dibao_count,
    count(*) filter (where member.age_years >= 18) = 0 as head_is_minor,
    bool_or(home.is_rural) as is_rural
from facts.person_wide as member
join core.household as home on home.household = member.household
where member.is_member
group by member.household
