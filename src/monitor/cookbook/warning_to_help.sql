-- 问: 从预警到帮上忙要多久
-- Q: How long from warning to help?
-- 答: 天数从首次命中算起，取中位数和第九成（一成的工单比它还慢）；没有答复的工单不在后几列里
-- A: Days since the first hit: the median, and the ninth decile (a tenth took longer); cases without an answer do not count there
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    colour,
    count(*) as cases,
    count(first_listed) as listed, median(days_to_list) as median_days_to_list,
    count(first_answered) as answered, median(days_to_answer) as median_days_to_answer,
    count(helped_on) as helped, median(days_to_help) as median_days_to_help,
    quantile_disc(days_to_help, 0.9) as ninth_decile_days_to_help
from case_outcome
where kind = 'visit' and (getvariable('county') is null or county = getvariable('county'))
group by colour
order by array_position(['red', 'orange', 'yellow', 'blue'], colour);
