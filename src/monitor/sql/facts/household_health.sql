-- One row is a household with a disabled or gravely ill member.
-- Key: household. Households without one are left out.
select
    household,
    (count(*) filter (where has_valid_disability))::integer as disabled_count,
    (count(*) filter (where is_severely_disabled))::integer as severely_disabled_count,
    (count(*) filter (where has_major_disease))::integer as major_disease_count
from facts.person_wide
where is_member and (has_valid_disability or is_severely_disabled or has_major_disease)
group by household
