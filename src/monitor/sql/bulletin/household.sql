-- One row per page, and per page and place right below it (part; all = the page): households that were asked. Key: place, part.
-- A household rule is asked of every household, so its four outcomes add up to all of them. Of townships no night keeps them.
with asked as (
    select county, max(households) as households
    from (
        select coverage.county, coverage.indicator, sum(hit + clear + unknown + exempt) as households
        from warehouse.coverage as coverage
        join rule on rule.indicator = coverage.indicator and rule.unit = 'household'
        where coverage.as_of = getvariable('as_of')
        group by coverage.county, coverage.indicator
    ) as of_rule
    group by county
)

select place.place, 'all' as part, cast(sum(households) as bigint) as households
from bulletin.place as place
join asked on asked.county = place.county
group by place.place
union all
select part.place, part.part, cast(sum(households) as bigint)
from bulletin.part as part
join asked on asked.county = part.county
group by part.place, part.part
