-- 问: 去世以后还在发的待遇，各县有多少人、多少钱
-- Q: How many dead people are still paid, and how much, by county?
-- 答: 一行一县；只是线索，以复核为准
-- A: One row a county; leads only, a review decides
select
    who.county, coalesce(place.name, '无地址') as place, count(*) as persons,
    cast(sum(facts.paid_after_death_count) as bigint) as payments, sum(facts.paid_after_death_yuan) as yuan
from fact_person as facts
join person as who on who.person = facts.person
left join region as place on place.code = who.county
where facts.paid_after_death_count > 0
group by who.county, place.name
order by yuan desc, who.county;
