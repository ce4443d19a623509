-- One row is a household that paid for treatment or schooling: how much, and which share of its income.
-- Key: household. Households without spending are left out. The share is blank when the income is, and 9.99 at most.
with spending as (
    select
        household,
        cast(coalesce(sum(self_paid_12m_yuan), 0) as decimal(18, 2)) as self_paid,
        cast(coalesce(sum(school_cost_year_yuan), 0) as decimal(18, 2)) as school_cost
    from facts.person_wide
    where is_member and (self_paid_12m_yuan <> 0 or school_cost_year_yuan <> 0)
    group by household
),

in_fen as (
    select
        spending.household,
        spending.self_paid,
        spending.school_cost,
        cast((spending.self_paid + spending.school_cost) * 100 as hugeint) as spent,
        cast(income.income_year_yuan * 100 as hugeint) as earned
    from spending
    join facts.household_income as income on income.household = spending.household
)

select
    household,
    self_paid as self_paid_12m_yuan,
    school_cost as school_cost_year_yuan,
    cast(self_paid + school_cost as decimal(18, 2)) as rigid_spending_12m_yuan,
    cast(
        case -- in ten-thousandths
            when spent = 0 then 0
            when earned = 0 then 99900
            -- least() skips blanks, so a blank income must not reach it
            when earned is not null then least(rounded_quotient(10000 * spent * sign(earned), abs(earned)), 99900)
        end * 0.0001
        as decimal(18, 4)
    ) as rigid_share
from in_fen
