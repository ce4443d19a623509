-- One row per county and colour of a visit, per county and domain of its weightiest reason, and per county of reviews: open cases.
-- Key: place, item. Read from the analyst file. Left out: cases that ended that night, and random audits, which are no cases.
with open_case as (
    select county, kind, colour, coalesce(nullif(left(indicators, 3), ''), 'other') as domain
    from case_history
    where as_of = getvariable('as_of') and state not in ('cleared', 'closed')
)

select county as place, case when kind = 'review' then 'review' else colour end as item, count(*) as cases
from open_case
group by 1, 2
union all
select county, domain, count(*)
from open_case
where kind = 'visit'
group by 1, 2
order by 1, 2
