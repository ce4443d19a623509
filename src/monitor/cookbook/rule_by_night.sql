-- 问: 一项指标每晚命中多少，变了多少
-- Q: How many does a rule hit every night, and how does that change?
-- 答: 一行一晚；突然的跳变先看 deliveries 和 numbers_changed：多半是数据或参数变了
-- A: One row a night; look at deliveries and numbers_changed before believing a jump
set variable indicator = 'EXP-004';          -- 指标编号 / code of the indicator
select
    as_of,
    cast(sum(hit) as bigint) as hit, cast(sum(clear) as bigint) as clear,
    cast(sum(unknown) as bigint) as unknown, cast(sum(exempt) as bigint) as exempt,
    cast(sum(hit) - lag(sum(hit)) over (order by as_of) as bigint) as more
from coverage
where indicator = getvariable('indicator')
group by as_of
order by as_of;
