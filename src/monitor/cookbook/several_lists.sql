-- 问: 哪些家庭同时在几份名单上
-- Q: Which households are on several lists at once?
-- 答: 一行一户；kinds 为今晚所在名单的类别。一次上门可以都办，免得跑两趟
-- A: One row a household with the kinds of the lists it is on tonight: one visit can do for all
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    coalesce(opened.household, opened.subject) as household, opened.county, any_value(place.name) as place,
    count(*) as cases,
    string_agg(distinct opened.kind, ',' order by opened.kind) as kinds,
    string_agg(opened.case_no, ',' order by opened.case_no) as case_nos
from latest_case_history as opened
join latest_listing as tonight on tonight.case_no = opened.case_no and tonight.is_listed
left join region as place on place.code = opened.township
where getvariable('county') is null or opened.county = getvariable('county')
group by coalesce(opened.household, opened.subject), opened.county
having count(*) > 1
order by cases desc, household;
