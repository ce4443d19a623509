-- View. One row: a person with something of work, pension or subsidy on record. Key: person.
-- Left out: everybody else, whose recorded income is 0. Blank: somebody who works without a figure.
with in_fen as (
    select person, (earnings_and_subsidy_12m_yuan * 100 + pension_month_yuan * 1200)::bigint as year_fen
    from facts.person_income
)

-- a twelfth in whole fen, so that no float comes in; the pension is in it, so that the whole is rounded once
select person, (rounded_quotient(year_fen, 12)::decimal(18, 0) * 0.01)::decimal(18, 2) as recorded_income_month_yuan
from in_fen
