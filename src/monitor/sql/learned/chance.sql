-- One row per indicator that has been judged: the chance, in millionths, that it is right. Key: indicator.
-- The mean is m = (C + 1) / (N + 2) over all rules, C the credits and N the answers; a rule with credit c of n answers is drawn to it by
-- a Beta prior worth s = prior_answers answers: (c + s m) / (n + s). Never 0 and never 1.
with mean as (
    select cast(sum(credit) + 1000000 as hugeint) as found, cast(sum(judged) + 2 as hugeint) as asked
    from learned.credit
)

select
    credit.indicator, credit.judged, credit.credit, mean.found, mean.asked,
    cast(
        greatest(1, least(999999, rounded_quotient(
            credit.credit * mean.asked + getvariable('prior_answers') * mean.found,
            mean.asked * (credit.judged + getvariable('prior_answers'))
        ))) as bigint
    ) as chance
from learned.credit
cross join mean
