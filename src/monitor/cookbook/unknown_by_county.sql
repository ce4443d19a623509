-- 问: 各县在各领域有多少判断不了
-- Q: What share of answers is "cannot tell", by county and domain?
-- 答: 一行一个县和领域；问了多少次、多少次答不出；答不出的多，先看哪个部门迟到
-- A: One row a county and domain; times asked and times that could not be told; then look which department is late
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    counts.county, coalesce(place.name, '无地址') as place, rule.domain, rule.domain_zh,
    cast(sum(counts.hit + counts.clear + counts.unknown) as bigint) as asked,
    cast(sum(counts.unknown) as bigint) as unknown,
    round(100.0 * sum(counts.unknown) / nullif(sum(counts.hit + counts.clear + counts.unknown), 0), 2) as unknown_percent
from latest_coverage as counts
join indicator as rule on rule.indicator = counts.indicator
left join region as place on place.code = counts.county
where getvariable('county') is null or counts.county = getvariable('county')
group by all
order by counts.county, rule.domain;
