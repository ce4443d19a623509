-- 问: 没有任何预警的家庭里，估计还有多少真有困难
-- Q: How many households without any warning are estimated to be in need?
-- 答: 由随机抽查推算，一行一县，带 95% 置信区间；抽查少的时候区间很宽
-- A: Estimated from random audits, one row a county, with 95 % intervals that are wide while audits are few
select
    need.county, case when need.county = 'all' then '合计' else coalesce(place.name, '无地址') end as place,
    need.households, need.visited, need.judged, need.missed,
    round(100 * need.share, 2) as share_percent, round(100 * need.share_low, 2) as low_percent,
    round(100 * need.share_high, 2) as high_percent,
    need.missed_households, need.missed_households_low, need.missed_households_high
from latest_missed_need as need
left join region as place on place.code = need.county
order by need.county <> 'all', need.county;
