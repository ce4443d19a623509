-- 问: 帮上的人里，最先发现他们的是哪项指标
-- Q: Of those who were helped, which rule saw them first?
-- 答: 一行一项指标；只算答复属实并纳入、转介或临时救助的工单，first 为首晚就在工单里的
-- A: One row a rule; cases answered as true and helped, in which the rule stood on their first night
with helped as (
    select case_no from case_outcome where kind = 'visit' and helped_on is not null
),

first_night as (
    select hit.case_no, hit.indicator
    from case_hit as hit
    join helped on helped.case_no = hit.case_no
    qualify hit.as_of = min(hit.as_of) over (partition by hit.case_no)
)

select first_night.indicator, rule.title_zh, count(distinct first_night.case_no) as cases
from first_night
left join indicator as rule on rule.indicator = first_night.indicator
group by all
order by cases desc, first_night.indicator;
