-- One row is a household that paid for treatment or schooling: how much, and which share of its income.
-- Key: household. Households without spending are left out. The share is blank when the income is, and 9.99 at most.
with in_fen as (
    select
        members.household,
        members.self_paid_12m_yuan,
        members.school_cost_year_yuan,
        cast((members.self_paid_12m_yuan + members.school_cost_year_yuan) * 100 as bigint) as spent,
        cast(income.income_year_yuan * 100 as bigint) as earned
    from facts.household_members as members
    join facts.household_income as income on income.household = members.household
    where members.self_paid_12m_yuan <> 0 or members.school_cost_year_yuan <> 0
),

shares as (
    select
        *,
        case -- in ten-thousandths
            when spent = 0 then 0
            when earned = 0 then 99900
            -- 64 bits divide forty times faster than 128, and hold all but a state's budget
            when abs(spent) < 100000000000000 then rounded_quotient(10000 * spent * sign(earned), abs(earned))
            else rounded_quotient(10000 * cast(spent as hugeint) * sign(earned), abs(earned))
        end as share
    from in_fen
)

select
    household,
    self_paid_12m_yuan,
    school_cost_year_yuan,
    cast(self_paid_12m_yuan + school_cost_year_yuan as decimal(18, 2)) as rigid_spending_12m_yuan,
    -- least() skips blanks, so a blank income must not reach it
    cast(
        cast(case when share is not null then least(share, 99900) end as decimal(18, 0)) * 0.0001 as decimal(18, 4)
    ) as rigid_share
from shares
