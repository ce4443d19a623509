-- 问: 如果低保边缘收入倍数改成 1.6，会多看到多少户
-- Q: What if the low-margin multiple were 1.6: how many more households would be seen?
-- 答: below_now 为现标准下、below_then 为新标准下收入在线以下而不在名单的户数；unknown 为收入查不清的户数，它们不在内。完整试算用 monitor plan
-- A: Households under the line and on no list, now and then; unknown ones have no known income and are not in. monitor plan tells all
set variable multiple = 1.6;                 -- 假设的倍数 / the multiple that is tried
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
        max(coalesce(near, nation)) filter (parameter = 'dibao_month_yuan') as dibao,
        max(coalesce(near, nation)) filter (parameter = 'low_margin_multiple') as multiple
    from lines
    group by household
)

select
    home.county, coalesce(place.name, '无地址') as place,
    count(*) as households,
    count(*) filter (facts.income_pc_month_yuan is null) as unknown,
    count(*) filter (facts.income_pc_month_yuan < line.dibao * line.multiple) as below_now,
    count(*) filter (facts.income_pc_month_yuan < line.dibao * cast(getvariable('multiple') as decimal(9, 4))) as below_then,
    below_then - below_now as more
from household as home
join fact_household as facts on facts.household = home.household
join line on line.household = home.household
left join region as place on place.code = home.county
where not coalesce(facts.on_low_income_list, false)
    and (getvariable('county') is null or home.county = getvariable('county'))
group by all
order by home.county;
