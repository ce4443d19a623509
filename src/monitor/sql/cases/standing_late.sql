-- One row per earlier hit that is unknown tonight and rests on an extract that is late: the departments that are late.
-- Key: indicator, subject.
with rests_on as (
    select earlier.indicator, earlier.subject, unnest(json_keys(earlier.evidence, '$.deliveries')) as extract
    from cases.earlier_hit as earlier
    join cases.standing_unknown as open_one on open_one.indicator = earlier.indicator and open_one.subject = earlier.subject
)

select
    rests_on.indicator,
    rests_on.subject,
    string_agg(distinct sender.department, '、' order by sender.department) as late_zh
from rests_on
join deliveries.freshness as fresh on fresh.extract = rests_on.extract and fresh.is_stale
join cases.sender as sender on sender.extract = rests_on.extract
group by rests_on.indicator, rests_on.subject
