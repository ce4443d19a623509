-- One row per open case on tonight's lists, and why: red always, kept = listed before and not ended, ranked = by its rank.
-- Key: case_no. Left out: see left_off.
select
    case_no, township, rank,
    case when colour = 'red' then 'red' when first_listed is not null then 'kept' else 'ranked' end as why
from cases.standing_rank
where colour <> 'blue'
