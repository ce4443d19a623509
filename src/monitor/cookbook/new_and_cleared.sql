-- 问: 每晚新增多少、消除多少、办结多少
-- Q: How many cases are new, cleared and closed every night?
-- 答: 一行一晚；open 为当晚未结工单数
-- A: One row a night; open counts cases that stand
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
set variable kind = 'visit';                 -- 类别：visit 走访、review 复核 / visit or review
select
    as_of,
    count(*) filter (state not in ('cleared', 'closed')) as open,
    count(*) filter (state = 'new') as new,
    count(*) filter (state = 'escalated') as escalated,
    count(*) filter (state = 'reopened') as reopened,
    count(*) filter (state = 'cleared') as cleared,
    count(*) filter (state = 'closed') as closed
from case_history
where kind = getvariable('kind') and (getvariable('county') is null or county = getvariable('county'))
group by as_of
order by as_of;
