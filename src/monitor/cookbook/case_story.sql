-- 问: 一个工单每晚是什么样子，为什么
-- Q: What was a case on every night, and why?
-- 答: 一行一晚；哪一户是谁要用 monitor explain 查（限制区，留痕）
-- A: One row a night; who it is, monitor explain tells (restricted, audited)
set variable case_no = null;                 -- 工单编号，空为最重的一个 / number of the case, empty = the gravest
select
    night.as_of, night.case_no, night.colour, night.points, night.state, listed.is_listed, listed.why, night.due, night.indicators,
    night.reasons_zh, night.answer, night.answered_on
from case_history as night
left join listing as listed on listed.as_of = night.as_of and listed.case_no = night.case_no
where night.case_no = coalesce(
    cast(getvariable('case_no') as varchar),
    (select arg_max(case_no, (points, case_no)) from latest_case_history where kind = 'visit')
)
order by night.as_of;
