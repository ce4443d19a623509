-- One row: a person of whom the tax office or social insurance has a record, or who registered as unemployed. Key: person.
-- Left out: everybody else, who does not work as far as is known.
with known as (
    select person from facts.person_earnings
    union
    select person from facts.person_insured
    union
    select person from facts.person_unemployment
)

select
    known.person,
    -- three-valued on purpose: months of a migrant worker that nobody gave leave the answer open
    coalesce(i.paid_as_worker, false)
        or coalesce(t.has_work_row_3m, false)
        or (coalesce(i.is_migrant_worker, false) and i.most_months_worked >= 6) as is_employed,
    coalesce(t.has_earnings_row_12m, false)
        or coalesce(i.is_insured_worker or i.is_migrant_worker or i.most_months_worked is not null, false)
        or coalesce(u.is_unemployed, false) as work_is_on_record
from known
left join facts.person_earnings as t using (person)
left join facts.person_insured as i using (person)
left join facts.person_unemployment as u using (person)
