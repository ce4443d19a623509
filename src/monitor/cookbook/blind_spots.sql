-- 问: 因为哪个部门的数据迟到，我们在哪里看不见
-- Q: Where are we blind because a department is late?
-- 答: 一行一份迟到的数据；indicators 为读它的指标数，unknown 为这些指标今晚判断不了的次数；没有行就是没有迟到
-- A: One row a late extract; indicators read it, unknown counts how often they could not tell tonight; no row = nobody is late
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
with recursive reached as (
    select stale.extract, step.to_kind, step.to_name
    from latest_freshness as stale
    join lineage as step
        on step.from_kind = 'extract' and split_part(step.from_name, '.', 1) = stale.extract
        and step.how in ('taken', 'chosen_by') and step.to_kind = 'fact'
    where stale.is_stale
    union
    select reached.extract, step.to_kind, step.to_name
    from reached
    join lineage as step on step.from_kind = reached.to_kind and step.from_name = reached.to_name
    where reached.to_kind = 'fact' and step.to_kind = 'indicator'
),

counts as (
    select indicator, sum(unknown) as unknown
    from latest_coverage
    where getvariable('county') is null or county = getvariable('county')
    group by indicator
)

select
    known.department_zh, known.title_zh, stale.extract, stale.newest_delivery, stale.age_days, stale.late_after,
    count(distinct reached.to_name) as indicators,
    cast(coalesce(sum(counts.unknown), 0) as bigint) as unknown
from latest_freshness as stale
join extract as known on known.extract = stale.extract
left join reached on reached.extract = stale.extract and reached.to_kind = 'indicator'
left join counts on counts.indicator = reached.to_name
where stale.is_stale
group by all
order by unknown desc, stale.extract;
