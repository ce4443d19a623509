-- One row is a household with a member in the farm subsidy register: land and machinery subsidy of each member's newest year.
-- Key: household.
select
    member.household,
    cast(sum(farm.land_mu) as decimal(18, 4)) as land_mu,
    cast(sum(farm.machinery_subsidy) as decimal(18, 2)) as machinery_subsidy_yuan
from facts.person_farm as farm
join facts.person_wide as member on member.person = farm.person
where member.is_member
group by member.household
