-- One row per household drawn for a random audit in the last year. Key: case_no.
select
    case_no, token(subject) as subject, county, township, drawn_on, households, drawn, answer, answered_on, ended_on
from temp.newest_audits
