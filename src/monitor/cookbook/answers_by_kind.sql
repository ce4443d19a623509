-- 问: 走访、复核和抽查都查到了什么
-- Q: What do visits, reviews and audits find?
-- 答: 只算每个工单现行的答复；percent 为占该类答复的比例
-- A: The answer in force of every case; percent of the answers of its kind
set variable county = null;                 -- 县级区划代码，空为全部 / county code, empty = all
select
    given.kind, given.answer, label.zh as answer_zh, count(*) as answers,
    round(100.0 * count(*) / sum(count(*)) over (partition by given.kind), 1) as percent
from answer as given
left join dictionary_code as label on label.code_list = 'answer' and label.code = given.answer
where given.is_in_force and (getvariable('county') is null or given.county = getvariable('county'))
group by given.kind, given.answer, label.zh
order by given.kind, answers desc, given.answer;
