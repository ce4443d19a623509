-- View. One row: a person in prison or compulsory drug treatment at D. Key: person, in the register or not. Left out: everybody else.
-- Of several records the longest speaks.
select person, true as is_in_custody, custody_months
from core.custody
