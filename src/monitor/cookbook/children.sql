-- 问: 各乡镇有多少无人抚养、又没有儿童保障的孩子
-- Q: How many children without a capable parent and without child aid are there in each township?
-- 答: 登记的父母都死亡、失踪、羁押或无力抚养，本人没有孤儿、事无儿童保障和特困；不足 8 人只告诉有，不显示人数
-- A: Every parent named is dead, missing, held or incapable, and no aid is paid; below 8 it is only told that there are some
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    who.county, coalesce(place.name, '无地址') as place,
    case when count(*) >= 8 then cast(count(*) as varchar) else '1-7' end as children
from fact_person as facts
join person as who on who.person = facts.person
left join region as place on place.code = who.township
where who.is_member and facts.age_years < 18
    and facts.parents_named_count > 0 and facts.parents_incapable_count = facts.parents_named_count
    and not coalesce(facts.on_child_aid, false) and not coalesce(facts.on_tekun, false)
    and (getvariable('county') is null or who.county = getvariable('county'))
group by who.county, who.township, place.name
order by count(*) desc, who.county, who.township;
