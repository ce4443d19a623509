-- 问: 各乡镇有多少独自生活的老人，多少从来没有人探访
-- Q: How many elders live alone in each township, and how many were never visited?
-- 答: 只算家庭成员只有本人的；不足 8 人的不显示
-- A: Elders who are the only member of their household; below 8 nothing is shown
set variable age = 70;                       -- 多少岁以上 / from this age
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    who.county, coalesce(place.name, '无地址') as place,
    case when count(*) >= 8 then count(*) end as elders,
    case when count(*) filter (facts.care_visit_days is null) >= 8 then count(*) filter (facts.care_visit_days is null) end
        as never_visited,
    case when count(*) filter (facts.has_valid_disability) >= 8 then count(*) filter (facts.has_valid_disability) end as disabled
from fact_person as facts
join person as who on who.person = facts.person
left join region as place on place.code = who.township
where who.is_member and facts.lives_alone and facts.age_years >= cast(getvariable('age') as integer)
    and (getvariable('county') is null or who.county = getvariable('county'))
group by who.county, who.township, place.name
order by count(*) desc, who.county, who.township;
