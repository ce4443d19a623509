-- 问: 哪些工单等得最久、一次也没有列入名单
-- Q: Which cases have waited longest without ever being listed?
-- 答: 一行一个工单；蓝色的只关注，不列入，不在内
-- A: One row a case; blue ones are only watched and are not in
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    opened.county, coalesce(place.name, '无地址') as place, opened.case_no, opened.colour, latest.points,
    opened.first_seen, date_diff('day', opened.first_seen, opened.last_as_of) as days_waiting, opened.indicators
from case_outcome as opened
join latest_case_history as latest on latest.case_no = opened.case_no
left join region as place on place.code = opened.township
where opened.kind = 'visit' and opened.is_open and opened.first_listed is null and opened.colour <> 'blue'
    and opened.answer is null and (getvariable('county') is null or opened.county = getvariable('county'))
order by days_waiting desc, points desc, opened.case_no;
