-- One row per indicator that has been judged: how much more (or less) than the average rule it finds, per mille.
-- Key: indicator. 1000 = like the mean of all rules, and what a rule without answers weighs. The mean is m = (T + 1) / (N + 2) over all
-- rules; a rule with t of n is drawn to it by a Beta prior worth s = prior_answers answers: (t + s m) / (n + s), divided by m.
with ruled as (
    select indicator, judged, fact
    from learned.precision
    where county = 'all' and indicator <> 'all'
),

mean as (
    select cast(sum(fact) + 1 as hugeint) as found, cast(sum(judged) + 2 as hugeint) as asked
    from ruled
)

select
    ruled.indicator, ruled.judged, ruled.fact,
    cast(
        rounded_quotient(
            1000 * (ruled.fact * mean.asked + getvariable('prior_answers') * mean.found),
            mean.found * (ruled.judged + getvariable('prior_answers'))
        ) as bigint
    ) as weight
from ruled
cross join mean
