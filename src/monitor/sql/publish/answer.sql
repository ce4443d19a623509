-- One row per answer that has come back. Key: case_no, answer_order. Left out: who visited and what they noted.
select
    case_no, answer_order, kind, token(subject) as subject, token(household) as household, county, township, indicators,
    list_as_of, answer, answered_on, collected_on, is_in_force
from temp.newest_answers
