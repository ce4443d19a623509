-- 问: 每项指标说得准不准
-- Q: How precise is each rule?
-- 答: 属实率只算已判明的走访答复，旁边是 95% 置信区间；判明少的区间很宽，不要据此停用
-- A: Share of judged visits that were true, with its 95 % interval; with few judged it is wide and switches nothing off
set variable least = 1;                      -- 至少判明几件 / judged at least
select
    found.indicator, rule.title_zh, rule.level, found.judged, found.fact,
    round(100.0 * found.fact / nullif(found.judged, 0), 1) as fact_percent,
    round(100 * found.fact_low, 1) as low_percent, round(100 * found.fact_high, 1) as high_percent,
    round(100.0 * found.action / nullif(found.judged, 0), 1) as action_percent,
    round(100.0 * found.enrolment / nullif(found.judged, 0), 1) as enrolled_percent
from latest_precision as found
left join indicator as rule on rule.indicator = found.indicator
where found.county = 'all' and found.judged >= cast(getvariable('least') as bigint)
order by found.indicator <> 'all', found.fact_low desc, found.indicator;
