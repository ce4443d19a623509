-- One row: a person with earnings, insurance, registered unemployment, an agricultural subsidy or a pension on record. Key:
-- person. What facts about work and income are built on. Assistance and allowances are no income.
-- Blank earnings: works without a figure. is_employed is three-valued on purpose: months of a migrant worker that nobody gave
-- leave the answer open.
with known as (
    select
        person,
        coalesce(t.taxable_income_12m_yuan, 0) as declared,
        coalesce(t.has_work_row_12m, false) as has_work_row,
        coalesce(t.has_earnings_row_12m, false)
            or coalesce(i.is_insured_worker or i.is_migrant_worker or i.most_months_worked is not null, false)
            or coalesce(u.is_unemployed, false) as work_is_on_record,
        coalesce(i.paid_as_worker, false)
            or coalesce(t.has_work_row_3m, false)
            or (coalesce(i.is_migrant_worker, false) and i.most_months_worked >= 6) as is_employed,
        coalesce(i.is_migrant_worker, false) or coalesce(i.most_months_worked > 0, false) as has_worked_away,
        -- the wage base speaks only for a worker of whom the tax office has no wage, labour or business row
        case when not coalesce(t.has_work_row_12m, false) and i.paid_as_worker then i.wage_base end as wage_base,
        coalesce(f.subsidy, 0) as subsidy,
        coalesce(p.pension_month_yuan, 0) as pension_month_yuan
    from facts.person_insured as i
    full join facts.person_earnings as t using (person)
    full join facts.person_farm as f using (person)
    full join facts.person_pension as p using (person)
    full join facts.person_unemployment as u using (person)
)

select
    person,
    is_employed,
    work_is_on_record,
    case
        when has_work_row or wage_base is not null or not (coalesce(is_employed, false) or has_worked_away)
            then (declared + coalesce(wage_base, 0) * 12 + subsidy)::decimal(18, 2)
    end as earnings_and_subsidy_12m_yuan,
    pension_month_yuan
from known
