-- 问: 政策找人：每项政策找到多少应享未享的人，走访了多少，纳入了多少
-- Q: Policies that look for people: how many are eligible by record and not enrolled, visited, enrolled?
-- 答: 一行一项应享未享指标；found 为按记录符合而未享的人或户，visited 为已有答复，enrolled 为答复属实已纳入（按工单，一单可含几项）
-- A: One row a rule of unclaimed entitlements; found by record, visited = answered, enrolled = true and enrolled (by case)
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
with found as (
    select indicator, count(distinct subject) as found
    from latest_hit
    where direction = 'uncovered' and (getvariable('county') is null or county = getvariable('county'))
    group by indicator
),

followed as (
    select
        hit.indicator,
        count(distinct hit.case_no) as cases,
        count(distinct hit.case_no) filter (opened.first_listed is not null) as listed,
        count(distinct hit.case_no) filter (opened.first_answered is not null) as visited,
        count(distinct hit.case_no) filter (opened.answer = 'true_enrolled') as enrolled
    from case_hit as hit
    join case_outcome as opened on opened.case_no = hit.case_no
    where opened.kind = 'visit' and (getvariable('county') is null or opened.county = getvariable('county'))
    group by hit.indicator
)

select
    rule.indicator, rule.title_zh, rule.route, coalesce(found.found, 0) as found, coalesce(followed.cases, 0) as cases,
    coalesce(followed.listed, 0) as listed, coalesce(followed.visited, 0) as visited, coalesce(followed.enrolled, 0) as enrolled
from indicator as rule
left join found on found.indicator = rule.indicator
left join followed on followed.indicator = rule.indicator
where rule.direction = 'uncovered' and (found.found > 0 or followed.cases > 0)
order by found desc, rule.indicator;
