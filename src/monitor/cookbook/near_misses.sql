-- 问: 哪些户的收入刚过低保边缘线，差一点没有被看见
-- Q: Which households are just above the low-margin line?
-- 答: 一行一个乡镇；within 为高出不到所设百分比、不在名单的户数，少于 8 户的不显示
-- A: One row a township; within counts households on no list that are above by less than the given percent; below 8 nothing is shown
set variable percent = 10;                   -- 高出多少以内（%） / above by less than so many percent
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
with line as (
    select
        home.household, home.township, home.county,
        max(value) filter (parameter = 'dibao_month_yuan') * max(value) filter (parameter = 'low_margin_multiple') as yuan
    from household as home
    join latest_parameter as number
        on number.parameter in ('dibao_month_yuan', 'low_margin_multiple') and number.area_kind in ('any', home.area_kind)
        and (number.region_code = '00' or starts_with(coalesce(home.township, home.county), number.region_code))
    group by all
)

select
    line.county, coalesce(place.name, '无地址') as place,
    case when count(*) >= 8 then count(*) end as within,
    case when count(*) >= 8 then count(*) filter (facts.major_disease_count > 0 or facts.severely_disabled_count > 0) end
        as with_disease_or_disability
from line
join fact_household as facts on facts.household = line.household
left join region as place on place.code = line.township
where not coalesce(facts.on_low_income_list, false)
    and facts.income_pc_month_yuan >= line.yuan
    and facts.income_pc_month_yuan < line.yuan * (1 + getvariable('percent') / 100)
    and (getvariable('county') is null or line.county = getvariable('county'))
group by line.county, place.name, line.township
order by line.county, line.township;
