-- 问: 今晚有多少工单没有列入名单，为什么
-- Q: How many cases are on no list tonight, and why?
-- 答: kind 走访或复核；why：capacity 本周走访能力已满、blue 蓝色仅关注、muted 已答复静默中；days_longest 为等得最久的天数
-- A: visit or review; capacity = no room this week, blue = only watched, muted = answered; days_longest = most days waited
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    opened.kind, kind.zh as kind_zh, tonight.why, label.zh as why_zh, opened.colour, count(*) as cases,
    max(date_diff('day', opened.first_seen, opened.as_of)) as days_longest
from latest_listing as tonight
join latest_case_history as opened on opened.case_no = tonight.case_no
left join dictionary_code as kind on kind.code_list = 'case_kind' and kind.code = opened.kind
left join dictionary_code as label on label.code_list = 'listing_why' and label.code = tonight.why
where not tonight.is_listed and (getvariable('county') is null or opened.county = getvariable('county'))
group by all
order by opened.kind desc, cases desc, tonight.why, opened.colour;
