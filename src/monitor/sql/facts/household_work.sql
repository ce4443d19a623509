-- One row is a household with a member who works, looks for work, draws a pension, is a hardship worker or sold property.
-- Key: household. Households of which none of these is on record are left out.
select
    household,
    (count(*) filter (where is_employed))::integer as employed_count,
    (count(*) filter (where is_unemployed and age_years between 16 and 59))::integer as unemployed_count,
    (min(unemployed_days) filter (where is_unemployed and age_years between 16 and 59))::integer as unemployed_earner_days,
    (count(*) filter (where has_any_pension))::integer as pensioner_count,
    (count(*) filter (where is_hardship_worker))::integer as hardship_worker_count,
    cast(coalesce(sum(transfer_income_12m_yuan), 0) as decimal(18, 2)) as transfer_income_12m_yuan
from facts.person_wide
where
    is_member
    and (is_employed or is_unemployed or has_any_pension or is_hardship_worker or transfer_income_12m_yuan <> 0)
group by household
