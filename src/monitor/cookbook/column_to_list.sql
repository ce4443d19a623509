-- 问: 一个部门数据列，影响哪些事实、指标和名单列
-- Q: Which facts, rules and columns of lists depend on a column that a department sends?
-- 答: 一行一个去处，steps 为隔了几步；改动或停报这一列之前先看
-- A: One row a thing that depends on it, steps away; read it before the column changes or stops
set variable source = 'nhsa_settlement.self_paid';  -- 部门数据列，提取名.列名 / extract.column
with recursive reached as (
    select to_kind as kind, to_name as name, 1 as steps
    from lineage
    where from_kind = 'extract' and from_name = getvariable('source')
    union
    select step.to_kind, step.to_name, reached.steps + 1
    from reached
    join lineage as step on step.from_kind = reached.kind and step.from_name = reached.name
    where reached.steps < 6
)

select reached.kind, reached.name, min(reached.steps) as steps, any_value(rule.title_zh) as title_zh
from reached
left join indicator as rule on rule.indicator = reached.name
group by reached.kind, reached.name
order by steps, reached.kind, reached.name;
