-- 问: 哪里的走访超期未办，超了多久
-- Q: Where are visits overdue, and by how long?
-- 答: 一行一个乡镇一种颜色；days_longest 为超期最久的天数
-- A: One row a township and colour; days_longest is the longest overdue
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    opened.county, coalesce(place.name, '无地址') as place, opened.colour, count(*) as overdue,
    min(opened.due) as oldest_due, max(date_diff('day', opened.due, opened.last_as_of)) as days_longest
from case_outcome as opened
left join region as place on place.code = opened.township
where opened.kind = 'visit' and opened.is_overdue
    and (getvariable('county') is null or opened.county = getvariable('county'))
group by opened.county, opened.township, place.name, opened.colour
order by days_longest desc, opened.county, opened.township, opened.colour;
