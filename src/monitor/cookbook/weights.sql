-- 问: 名单排序学到了什么：哪些指标被抬高，哪些被压低
-- Q: What has the ranking learned: which rules rise, which fall?
-- 答: 1000 相当于全部指标的平均；答复少的向平均靠拢；压低不等于停用
-- A: 1000 is like the mean of all rules; rules with few answers stay close to it; nothing is switched off
select learned.indicator, rule.title_zh, rule.level, learned.judged, learned.fact, learned.weight
from latest_weight as learned
left join indicator as rule on rule.indicator = learned.indicator
order by learned.weight desc, learned.indicator;
