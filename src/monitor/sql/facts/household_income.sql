-- One row is a household: whether its members' work is on record, and the income per head that is.
-- Key: household. No household is left out. Blank income = a member's work or its pay is not on record; missing is not zero.
with members as (
    select
        member.household,
        member.recorded_income_month_yuan,
        cast(
            coalesce(income.earnings_and_subsidy_12m_yuan, 0) + 12 * coalesce(member.pension_month_yuan, 0) as decimal(18, 2)
        ) as year_yuan,
        member.age_years between 18 and 59
            and not member.is_student
            and not member.has_no_work_capacity
            and member.work_is_on_record is not true as is_unseen
    from facts.person_wide as member
    left join facts.person_income as income on income.person = member.person
    where member.is_member
),

in_fen as (
    select
        household,
        count(*) as heads,
        count(*) filter (where is_unseen) = 0 as is_known,
        count(*) filter (where is_unseen or recorded_income_month_yuan is null) = 0 as is_whole,
        cast(cast(sum(recorded_income_month_yuan) as decimal(18, 2)) * 100 as bigint) as month_fen,
        cast(cast(sum(year_yuan) as decimal(18, 2)) * 100 as bigint) as year_fen
    from members
    group by household
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
    case when is_whole then cast(month_fen_per_head * 0.01 as decimal(18, 2)) end as income_pc_month_yuan,
    case when is_whole then cast(year_fen_per_head * 0.01 as decimal(18, 2)) end as income_pc_year_yuan,
    case when is_whole then cast(year_fen * 0.01 as decimal(18, 2)) end as income_year_yuan
from per_head
