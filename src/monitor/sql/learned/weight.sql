-- One row per indicator that has been judged: how much more (or less) than the average rule it finds, per mille.
-- Key: indicator. 1000 = like the mean of all rules, and what a rule without answers weighs: its chance over the mean chance.
select
    chance.indicator,
    chance.judged,
    fact.fact,
    cast(
        rounded_quotient(
            1000 * (chance.credit * chance.asked + getvariable('prior_answers') * chance.found),
            chance.found * (chance.judged + getvariable('prior_answers'))
        ) as bigint
    ) as weight
from learned.chance as chance
join learned.precision as fact on fact.indicator = chance.indicator and fact.county = 'all'
