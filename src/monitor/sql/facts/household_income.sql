-- One row is a household: whether its members' work is on record, and the income per head that is.
-- Key: household. No household is left out. Blank income = a member's work or its pay is not on record; missing is not zero.
with earned as (
    select member.household, sum(income.earnings_and_subsidy_12m_yuan) as year_yuan
    from facts.person_income as income
    join facts.person_wide as member on member.person = income.person
    where member.is_member and income.earnings_and_subsidy_12m_yuan <> 0
    group by member.household
),

in_fen as (
    select
        members.household,
        members.member_count as heads,
        members.unseen_count = 0 as is_known,
        members.unseen_count = 0 and members.recorded_income_count = members.member_count as is_whole,
        cast(members.recorded_income_month_yuan * 100 as bigint) as month_fen,
        cast(cast(coalesce(earned.year_yuan, 0) + 12 * members.pension_month_yuan as decimal(18, 2)) * 100 as bigint) as year_fen
    from facts.household_members as members
    left join earned on earned.household = members.household
),

-- whole 分 are divided, so that no float comes in
per_head as (
    select
        household,
        is_known,
        is_whole,
        year_fen,
        rounded_quotient(month_fen, heads) as month_fen_per_head,
        rounded_quotient(year_fen, heads) as year_fen_per_head
    from in_fen
)

select
    household,
    is_known as income_is_known,
    case when is_whole then cast(cast(month_fen_per_head as decimal(18, 0)) * 0.01 as decimal(18, 2)) end as income_pc_month_yuan,
    case when is_whole then cast(cast(year_fen_per_head as decimal(18, 0)) * 0.01 as decimal(18, 2)) end as income_pc_year_yuan,
    case when is_whole then cast(cast(year_fen as decimal(18, 0)) * 0.01 as decimal(18, 2)) end as income_year_yuan
from per_head
