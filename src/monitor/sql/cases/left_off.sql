-- One row per open case that is not on tonight's lists, and why: muted by an answer, blue is watched only, or no capacity this week.
-- Key: case_no. listed and left_off together are all open cases, each once.
select
    open.case_no, open.township, open.rank,
    case when open.is_resting then 'muted' when open.colour = 'blue' then 'blue' else 'capacity' end as why
from cases.standing_rank as open
anti join cases.listed as listed on listed.case_no = open.case_no
