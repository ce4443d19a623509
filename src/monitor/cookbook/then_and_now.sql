-- 问: 重跑过的夜晚，当时怎么说，现在怎么说
-- Q: Of nights that were run again: what was said then, and what is known now?
-- 答: 一行一晚；没有行就是没有重跑过。both 为两次都有的工单，only_then、only_now 为只有一次有的
-- A: One row a night run again; both counts cases of both runs, the others those of one only
with nights as (
    select first.as_of from first_said.run as first join run on run.as_of = first.as_of where first.run_id <> run.run_id
),

said as (
    select as_of, coalesce(household, subject) as household, kind from first_said.case_history where state not in ('cleared', 'closed')
),

known as (
    select as_of, coalesce(household, subject) as household, kind from case_history where state not in ('cleared', 'closed')
),

compared as (
    select coalesce(said.as_of, known.as_of) as as_of, said.household is not null as was_said, known.household is not null as is_known
    from said
    full join known on known.as_of = said.as_of and known.household = said.household and known.kind = said.kind
)

select
    compared.as_of, count(*) filter (was_said and is_known) as both,
    count(*) filter (was_said and not is_known) as only_then, count(*) filter (is_known and not was_said) as only_now
from compared
join nights on nights.as_of = compared.as_of
group by compared.as_of
order by compared.as_of;
