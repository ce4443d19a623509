-- 问: 老人、儿童、残疾人、农村的人，被看见和被走访的机会一样吗
-- Q: Are the old, children, disabled people and villagers seen and visited as much as others?
-- 答: 一行一群人；with_case 为家里有走访工单的比例，listed 为在名单上的比例，都按人算；不足 8 人的不显示
-- A: One row a group; shares of persons whose household has a visit case, and is listed; below 8 persons nothing is shown
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
with attention as (
    select
        coalesce(opened.household, opened.subject) as household,
        bool_or(coalesce(tonight.is_listed, false)) as is_listed
    from latest_case_history as opened
    left join latest_listing as tonight on tonight.case_no = opened.case_no
    where opened.kind = 'visit' and opened.state not in ('cleared', 'closed')
    group by all
),

somebody as (
    select
        who.person, facts.age_years, facts.has_valid_disability, facts.lives_alone, who.area_kind,
        attention.household is not null as has_case, coalesce(attention.is_listed, false) as is_listed
    from person as who
    join fact_person as facts on facts.person = who.person
    left join attention on attention.household = coalesce(who.household, who.person)
    where who.is_member and (getvariable('county') is null or who.county = getvariable('county'))
),

of_group as (
    select '全部' as people, somebody.* from somebody
    union all select '60岁以上', somebody.* from somebody where age_years >= 60
    union all select '18岁以下', somebody.* from somebody where age_years < 18
    union all select '持有效残疾证', somebody.* from somebody where has_valid_disability
    union all select '独自生活', somebody.* from somebody where lives_alone
    union all select '农村', somebody.* from somebody where area_kind = 'rural'
    union all select '城镇', somebody.* from somebody where area_kind = 'urban'
)

select
    people,
    case when count(*) >= 8 then count(*) end as persons,
    case when count(*) filter (has_case) >= 8 then round(100.0 * count(*) filter (has_case) / count(*), 2) end as with_case_percent,
    case when count(*) filter (is_listed) >= 8 then round(100.0 * count(*) filter (is_listed) / count(*), 2) end as listed_percent
from of_group
group by people
order by array_position(['全部', '60岁以上', '18岁以下', '持有效残疾证', '独自生活', '农村', '城镇'], people);
