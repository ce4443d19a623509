-- 问: 我县有谁漏下了：不在低收入名单、有走访工单、至今没有人答复
-- Q: Who fell through in my county: not on the low-income list, with a visit case, without any answer?
-- 答: 一行一个工单，等得最久的在前；卡在哪里：capacity 走访能力已满、blue 仅关注、muted 静默、overdue 已超期、listed 在名单上未答复
-- A: One row a case, the longest waiting first; stuck tells where: capacity, blue, muted, overdue or listed
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
set variable colours = 'red,orange,yellow';  -- 哪些颜色，逗号分隔 / which colours, comma-separated
select
    opened.county, coalesce(place.name, '无地址') as place, opened.case_no, opened.subject, opened.colour,
    latest.points, opened.first_seen,
    date_diff('day', opened.first_seen, opened.last_as_of) as days_waiting,
    case
        when opened.is_overdue then 'overdue'
        when tonight.is_listed then 'listed'
        else coalesce(tonight.why, 'not listed')
    end as stuck,
    opened.indicators
from case_outcome as opened
join latest_case_history as latest on latest.case_no = opened.case_no
left join latest_listing as tonight on tonight.case_no = opened.case_no
left join region as place on place.code = opened.township
left join fact_household as home on home.household = opened.subject
left join fact_person as alone on alone.person = opened.subject
where opened.kind = 'visit' and opened.is_open and opened.answer is null
    and not coalesce(home.on_low_income_list, alone.on_low_income_list, false)
    and list_contains(string_split(getvariable('colours'), ','), opened.colour)
    and (getvariable('county') is null or opened.county = getvariable('county'))
order by days_waiting desc, points desc, opened.case_no;
