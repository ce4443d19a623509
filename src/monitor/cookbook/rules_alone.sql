-- 问: 哪项指标发现的、其他指标都没发现的最多
-- Q: Which rule finds most that the others miss?
-- 答: alone 为只靠这一项才立案的工单数；alone 为 0 的指标没有单独贡献，不等于没有用
-- A: alone counts cases that stand by this rule only; a rule with 0 adds nothing of its own, which does not make it useless
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
with standing as (
    select distinct hit.case_no, hit.indicator
    from latest_case_hit as hit
    join latest_case_history as opened on opened.case_no = hit.case_no
    where opened.kind = 'visit' and opened.state not in ('cleared', 'closed')
        and (getvariable('county') is null or opened.county = getvariable('county'))
),

counted as (
    select *, count(*) over (partition by case_no) as rules from standing
)

select
    counted.indicator, rule.title_zh, rule.level,
    count(*) as cases,
    count(*) filter (rules = 1) as alone,
    round(100.0 * count(*) filter (rules = 1) / count(*), 1) as alone_percent
from counted
left join indicator as rule on rule.indicator = counted.indicator
group by all
order by alone desc, cases desc, counted.indicator;
