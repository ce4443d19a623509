-- 问: 各县家庭人均月收入落在哪一档，多少户查不清
-- Q: In which bands of income a head a month are households, and for how many is it unknown?
-- 答: 收入只算各部门查得到的；查不清的单列，不当作 0；不足 8 户的不显示
-- A: Income that records show; unknown ones stand apart and are not 0; below 8 households nothing is shown
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
with banded as (
    select
        home.county,
        case
            when facts.income_pc_month_yuan is null then 5
            when facts.income_pc_month_yuan < 300 then 1
            when facts.income_pc_month_yuan < 600 then 2
            when facts.income_pc_month_yuan < 1000 then 3
            else 4
        end as band,
        coalesce(facts.on_low_income_list, false) as is_on_list
    from household as home
    join fact_household as facts on facts.household = home.household
    where getvariable('county') is null or home.county = getvariable('county')
)

select
    banded.county, coalesce(place.name, '无地址') as place,
    ['300元以下', '300至600元', '600至1000元', '1000元以上', '查不清'][banded.band] as income,
    case when count(*) >= 8 then count(*) end as households,
    case when count(*) filter (is_on_list) >= 8 then count(*) filter (is_on_list) end as on_list
from banded
left join region as place on place.code = banded.county
group by banded.county, place.name, banded.band
order by banded.county, banded.band;
