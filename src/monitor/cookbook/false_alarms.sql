-- 问: 哪些指标误报最多，是数据错还是情况变了
-- Q: Which rules raise most false alarms, because data are wrong or because things changed?
-- 答: 按列名单时工单里的指标算；数据错多的，请部门核数据；情况变多的，看数据是不是来得太晚
-- A: By the rules in the case when it was listed; many wrong data: ask the department; much change: data come too late
with judged as (
    select unnest(string_split(indicators, ',')) as indicator, answer
    from answer
    where is_in_force and kind = 'visit' and (starts_with(answer, 'true_') or starts_with(answer, 'false_'))
)

select
    judged.indicator, rule.title_zh, count(*) as judged,
    count(*) filter (answer = 'false_data') as wrong_data,
    count(*) filter (answer = 'false_changed') as changed,
    round(100.0 * count(*) filter (starts_with(answer, 'false_')) / count(*), 1) as false_percent
from judged
left join indicator as rule on rule.indicator = judged.indicator
group by all
having count(*) filter (starts_with(answer, 'false_')) > 0
order by wrong_data + changed desc, judged.indicator;
