-- 问: 未结工单按领域和颜色各有多少
-- Q: How many open cases are there by domain and colour?
-- 答: 一个工单可以属于几个领域，所以各行相加大于工单数
-- A: A case can belong to several domains, so rows add up to more than the cases
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
with standing as (
    select distinct opened.case_no, opened.colour, left(hit.indicator, 3) as domain
    from latest_case_history as opened
    join latest_case_hit as hit on hit.case_no = opened.case_no
    where opened.kind = 'visit' and opened.state not in ('cleared', 'closed')
        and (getvariable('county') is null or opened.county = getvariable('county'))
)

select
    standing.domain, label.zh as domain_zh, count(*) as cases,
    count(*) filter (colour = 'red') as red, count(*) filter (colour = 'orange') as orange,
    count(*) filter (colour = 'yellow') as yellow, count(*) filter (colour = 'blue') as blue
from standing
left join dictionary_code as label on label.code_list = 'domain' and label.code = standing.domain
group by all
order by cases desc, standing.domain;
