-- 问: 随机抽查抽了多少户，答复了多少，查出多少
-- Q: How many households were drawn for audits, answered, and found in need?
-- 答: 一行一个乡镇；found 为属实而需要帮助的
-- A: One row a township; found = true and in need of help
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    drawn.county, coalesce(place.name, '无地址') as place, count(*) as drawn, count(drawn.answer) as answered,
    count(*) filter (drawn.answer in ('true_enrolled', 'true_referred', 'true_temporary')) as found
from audit as drawn
left join region as place on place.code = drawn.township
where getvariable('county') is null or drawn.county = getvariable('county')
group by drawn.county, drawn.township, place.name
order by drawn.county, drawn.township;
