-- 问: 哪些户的收入刚过低保边缘线，差一点没有被看见
-- Q: Which households are just above the low-margin line?
-- 答: 一行一个乡镇；within 为高出不到所设百分比、不在名单、也没有未结走访工单的户数；每个数少于 8 户的不显示
-- A: One row a township; within counts households on no list and without an open visit case that are above by less than the given
-- A: percent; each count below 8 is not shown
set variable percent = 10;                   -- 高出多少以内（%） / above by less than so many percent
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
with numbers as (
    select parameter, region_code, area_kind, value
    from latest_parameter
    where parameter in ('dibao_month_yuan', 'low_margin_multiple')
),

-- of the values in force the one of the nearest region counts, then the one that names the area kind
lines as (
    select
        home.household, numbers.parameter,
        arg_max(numbers.value, length(nullif(numbers.region_code, '00')) * 2 + (numbers.area_kind <> 'any')::integer) as near,
        max(numbers.value) filter (numbers.region_code = '00') as nation
    from household as home
    join numbers
        on (numbers.region_code = '00' or starts_with(coalesce(home.township, home.county), numbers.region_code)
            or (home.county = '000000' and length(numbers.region_code) = 2))
        and numbers.area_kind in ('any', home.area_kind)
    group by home.household, numbers.parameter
),

line as (
    select
        household,
        max(coalesce(near, nation)) filter (parameter = 'dibao_month_yuan')
            * max(coalesce(near, nation)) filter (parameter = 'low_margin_multiple') as yuan
    from lines
    group by household
)

select
    home.county, coalesce(place.name, '无地址') as place,
    case when count(*) >= 8 then count(*) end as within,
    case
        when count(*) filter (facts.major_disease_count > 0 or facts.severely_disabled_count > 0) >= 8
            then count(*) filter (facts.major_disease_count > 0 or facts.severely_disabled_count > 0)
    end as with_disease_or_disability
from household as home
join fact_household as facts on facts.household = home.household
join line on line.household = home.household
left join region as place on place.code = home.township
where not coalesce(facts.on_low_income_list, false)
    and not exists (from case_outcome as opened where opened.household = home.household and opened.kind = 'visit' and opened.is_open)
    and facts.income_pc_month_yuan >= line.yuan
    and facts.income_pc_month_yuan < line.yuan * (1 + cast(getvariable('percent') as decimal(9, 2)) / 100)
    and (getvariable('county') is null or home.county = getvariable('county'))
group by home.county, place.name, home.township
order by home.county, home.township;
