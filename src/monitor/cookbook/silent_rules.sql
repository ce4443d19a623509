-- 问: 哪些指标从来没有命中过
-- Q: Which rules have never hit anybody?
-- 答: unknown 多的是因为缺数据，不是没有困难；其余的看看条件是不是太严
-- A: With many unknown it is for want of data; of the others ask whether the condition is too strict
select
    rule.indicator, rule.title_zh, rule.rule,
    cast(coalesce(sum(counts.clear), 0) as bigint) as clear, cast(coalesce(sum(counts.unknown), 0) as bigint) as unknown
from indicator as rule
left join coverage as counts on counts.indicator = rule.indicator
where rule.is_in_use
group by all
having coalesce(sum(counts.hit), 0) = 0
order by unknown desc, rule.indicator;
