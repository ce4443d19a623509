-- 问: 各乡镇的走访任务重不重
-- Q: How heavy is the load of each township?
-- 答: listed 在名单上，left_off 因能力已满没有列入，per_visitor 为名单件数除以近 28 天有答复的人数（没有人答复为空）
-- A: listed tonight, left_off for want of capacity, listed per visitor who answered in 28 days (empty without one)
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
with off as (
    select listing.township, count(*) filter (listing.why = 'capacity') as capacity, count(*) filter (listing.why = 'blue') as blue
    from latest_listing as listing
    join latest_case_history as opened on opened.case_no = listing.case_no
    where not listing.is_listed and opened.kind = 'visit'
    group by listing.township
)

select
    load.county, coalesce(place.name, '无地址') as place, load.listed, coalesce(off.capacity, 0) as left_off,
    coalesce(off.blue, 0) as watched_only, load.overdue, load.answered_recently, load.visitors,
    load.listed_per_visitor as per_visitor
from latest_progress as load
left join region as place on place.code = load.township
left join off on off.township = load.township
where load.kind = 'visit' and load.township <> 'all'
    and (getvariable('county') is null or load.county = getvariable('county'))
order by load.listed desc, load.county, load.township;
