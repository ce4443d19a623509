-- One row per indicator that has been judged: how many answers spoke of it, and how much of those that were true is its own.
-- Key: indicator. A true answer to a case in which several rules stood is shared among them: rule i is credited with
-- p_i / (1 - product of (1 - p_j)), the chance that i is right when at least one is (noisy-or), with the chances of the round before
-- (`learned.chance`, millionths; a rule without one counts as the mean of all). A rule that stands beside better ones is so not taken
-- for one of them. Alone in its case it is credited whole. Millionths.
with judged as (
    select case_no, starts_with(answer, 'true_') as is_fact, unnest(string_split(indicators, ',')) as indicator
    from learned.answer
    where is_in_force and kind = 'visit' and (starts_with(answer, 'true_') or starts_with(answer, 'false_'))
),

stood as (
    select judged.case_no, judged.is_fact, judged.indicator, coalesce(before.chance, 500000) as chance
    from judged
    left join learned.chance as before on before.indicator = judged.indicator
    where judged.indicator <> ''
),

missed as (
    select case_no, list_reduce(list(1000000 - chance order by indicator), lambda a, b: a * b // 1000000) as chance
    from stood
    group by case_no
)

select
    stood.indicator,
    count(*) as judged,
    cast(sum(case when stood.is_fact then stood.chance * 1000000 // (1000000 - missed.chance) else 0 end) as bigint) as credit
from stood
join missed on missed.case_no = stood.case_no
group by stood.indicator
