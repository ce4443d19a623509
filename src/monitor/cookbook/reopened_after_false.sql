-- 问: 说“不属实”或已静默的工单，后来又重启的有多少
-- Q: How many cases were reopened after an answer?
-- 答: 一行一种原答复；重启多的答复要抽查走访质量
-- A: One row an answer; many reopened after it: look into how visits are made
with first_answer as (
    select case_no, arg_min(answer, answer_order) as answer from answer where kind = 'visit' group by case_no
),

again as (
    select distinct case_no from case_history where state = 'reopened'
)

select
    first_answer.answer, label.zh as answer_zh, count(*) as answered, count(again.case_no) as reopened,
    round(100.0 * count(again.case_no) / count(*), 1) as reopened_percent
from first_answer
left join again on again.case_no = first_answer.case_no
left join dictionary_code as label on label.code_list = 'answer' and label.code = first_answer.answer
group by all
order by reopened desc, first_answer.answer;
