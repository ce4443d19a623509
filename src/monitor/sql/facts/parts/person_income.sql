-- One row: a person with earnings, insurance, an agricultural subsidy or a pension on record. Key: person. No facts, but
-- what they are built on: the year's earnings and newest subsidy (blank: works without a figure), and the month's pension.
-- Assistance and allowances are no income.
with newest_subsidy as (
    select person, coalesce(arg_max({'yuan': subsidy}, year)['yuan'], 0) as subsidy
    from staging.mara_subsidy
    group by person
),

known as (
    select person from facts.person_earnings
    union
    select person from facts.person_insured
    union
    select person from newest_subsidy
    union
    select person from facts.person_pension
),

parts as (
    select
        known.person,
        coalesce(t.taxable_income_12m_yuan, 0) as declared,
        coalesce(t.has_work_row_12m, false) as has_work_row,
        -- the wage base speaks only for a worker of whom the tax office has no wage, labour or business row
        case when not coalesce(t.has_work_row_12m, false) and i.paid_as_worker then i.wage_base end as wage_base,
        coalesce(w.is_employed, false) or coalesce(i.is_migrant_worker, false) or coalesce(i.most_months_worked > 0, false)
            as works,
        coalesce(s.subsidy, 0) as subsidy,
        coalesce(p.pension_month_yuan, 0) as pension_month_yuan
    from known
    left join facts.person_earnings as t using (person)
    left join facts.person_insured as i using (person)
    left join facts.person_work as w using (person)
    left join newest_subsidy as s using (person)
    left join facts.person_pension as p using (person)
)

select
    person,
    case
        when has_work_row or not works or wage_base is not null
            then (declared + coalesce(wage_base, 0) * 12 + subsidy)::decimal(18, 2)
    end as earnings_and_subsidy_12m_yuan,
    pension_month_yuan
from parts
