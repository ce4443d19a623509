-- View. One row is a household: how many members it has, of which ages and abilities, and where its head is registered.
-- Key: household. No household is left out.
select
    members.household,
    members.member_count::integer as member_count,
    members.minor_count::integer as minor_count,
    members.elder_count::integer as elder_count,
    (members.member_count - members.minor_count)::integer as adult_count,
    members.working_age_count::integer as working_age_count,
    members.dependent_count::integer as dependent_count,
    members.able_young_adult_count::integer as able_young_adult_count,
    members.not_on_dibao_count::integer as not_on_dibao_count,
    members.member_count = members.minor_count as head_is_minor,
    home.is_rural
from facts.household_members as members
join core.household as home on home.household = members.household
