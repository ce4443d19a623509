-- One row per open case that is not on tonight's lists, and why: blue is watched only.
-- Key: case_no.
select case_no, township, rank, colour as why
from cases.standing_rank
where colour = 'blue'
