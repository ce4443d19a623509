-- View. One row: a person with an income declared to the tax office in W12. Key: person. Left out: persons without one.
select person, taxable_income_12m_yuan, transfer_income_12m_yuan
from facts.person_earnings
