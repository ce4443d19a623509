-- One row: a person with an income declared to the tax office in W12. Key: person. Left out: persons without one.
-- Earnings are all items but transfer (sale of property); of W12, of W3 and of the 9 months before W3, and whether a wage,
-- labour or business row stands in W12 or W3.
with declared as (
    select
        person,
        amount,
        tax_item = 'transfer' as is_transfer,
        tax_item in ('wage', 'labour', 'business') as is_work,
        tax_month >= w3_from as is_w3
    from staging.sta_income
    cross join (select running_month, w12_from, w3_from from core.time_window where extract = 'sta_income')
    where tax_month >= w12_from and tax_month < running_month
)

select
    person,
    coalesce(sum(amount) filter (where not is_transfer), 0)::decimal(18, 2) as taxable_income_12m_yuan,
    coalesce(sum(amount) filter (where is_transfer), 0)::decimal(18, 2) as transfer_income_12m_yuan,
    coalesce(sum(amount) filter (where not is_transfer and is_w3), 0)::decimal(18, 2) as earnings_3m_yuan,
    coalesce(sum(amount) filter (where not is_transfer and not is_w3), 0)::decimal(18, 2) as earnings_prior_9m_yuan,
    bool_or(not is_transfer) as has_earnings_row_12m,
    bool_or(is_work) as has_work_row_12m,
    bool_or(is_work and is_w3) as has_work_row_3m
from declared
group by person
