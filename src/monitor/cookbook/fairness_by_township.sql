-- 问: 偏远乡镇是不是没有人去：各乡镇每百户的工单、上名单和答复
-- Q: Are remote townships left out: cases, listings and answers per hundred households of each township?
-- 答: 一行一个乡镇，答复最少的在前；工单数不足 8 的比例不显示
-- A: One row a township, fewest answers first; shares of fewer than 8 cases are not shown
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
with homes as (
    select county, township, count(*) as households, count(*) filter (area_kind = 'rural') as rural
    from household
    group by all
),

cases as (
    select township, count(*) filter (is_open) as open, count(first_listed) as listed, count(first_answered) as answered
    from case_outcome
    where kind = 'visit'
    group by township
)

select
    homes.county, coalesce(place.name, '无地址') as place, homes.households,
    round(100.0 * homes.rural / homes.households, 1) as rural_percent,
    case when cases.open >= 8 then round(100.0 * cases.open / homes.households, 1) end as open_per_100,
    case when cases.listed >= 8 then round(100.0 * cases.listed / homes.households, 1) end as listed_per_100,
    case when cases.listed >= 8 then round(100.0 * cases.answered / cases.listed, 1) end as answered_percent
from homes
left join cases on cases.township is not distinct from homes.township
left join region as place on place.code = homes.township
where getvariable('county') is null or homes.county = getvariable('county')
order by answered_percent nulls last, homes.county, homes.township;
