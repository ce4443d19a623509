-- One row is a household with taxed earnings in the last 12 whole months: by month, of the newest 3 and of the 9 before them.
-- Key: household. Transfers are no earnings. Whole 分 are divided, so that no float comes in.
with in_fen as (
    select
        member.household,
        cast(cast(sum(earnings.earnings_3m_yuan) as decimal(18, 2)) * 100 as bigint) as newest_3m,
        cast(cast(sum(earnings.earnings_prior_9m_yuan) as decimal(18, 2)) * 100 as bigint) as prior_9m
    from facts.person_earnings as earnings
    join facts.person_wide as member on member.person = earnings.person
    where member.is_member
    group by member.household
)

select
    household,
    cast(rounded_quotient(newest_3m, 3) * 0.01 as decimal(18, 2)) as earnings_3m_month_yuan,
    cast(rounded_quotient(prior_9m, 9) * 0.01 as decimal(18, 2)) as earnings_prior_9m_month_yuan
from in_fen
