-- 问: 今晚有多少工单没有列入名单，为什么
-- Q: How many cases are on no list tonight, and why?
-- 答: why：capacity 本周走访能力已满、blue 蓝色仅关注、muted 已答复静默中；longest 为等得最久的天数
-- A: capacity = no room this week, blue = only watched, muted = answered; longest = most days waited
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    tonight.why, label.zh as why_zh, opened.colour, count(*) as cases,
    max(date_diff('day', opened.first_seen, opened.as_of)) as longest
from latest_listing as tonight
join latest_case_history as opened on opened.case_no = tonight.case_no
left join dictionary_code as label on label.code_list = 'listing_why' and label.code = tonight.why
where not tonight.is_listed and (getvariable('county') is null or opened.county = getvariable('county'))
group by all
order by cases desc, tonight.why, opened.colour;
