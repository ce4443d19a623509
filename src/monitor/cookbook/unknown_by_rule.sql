-- 问: 哪些指标有多少人、多少户判断不了，是几成
-- Q: For which rules can we not tell, and for what share of those asked?
-- 答: 无法判断不等于没有问题；unknown_percent 的分母是被问而没有已保障的人或户
-- A: Cannot tell is not clear; the share is of those asked who are not exempt
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    counts.indicator, rule.title_zh, rule.unit,
    cast(sum(counts.hit) as bigint) as hit,
    cast(sum(counts.clear) as bigint) as clear,
    cast(sum(counts.unknown) as bigint) as unknown,
    round(100.0 * sum(counts.unknown) / nullif(sum(counts.hit + counts.clear + counts.unknown), 0), 1) as unknown_percent
from latest_coverage as counts
left join indicator as rule on rule.indicator = counts.indicator
where getvariable('county') is null or counts.county = getvariable('county')
group by all
having sum(counts.unknown) > 0
order by unknown_percent desc, unknown desc, counts.indicator;
