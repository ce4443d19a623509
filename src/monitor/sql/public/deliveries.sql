-- One row per extract and fate: rows of the deliveries that are not refused, as of the day. Key: place, item.
-- Read from the analyst file.
with fate as (
    unpivot (
        from ledger select extract, loaded, superseded, quarantined
        where as_of = getvariable('as_of') and state <> 'refused'
    ) on loaded, superseded, quarantined into name fate value amount
)

select 'all' as place, extract || '_' || fate as item, sum(amount)::bigint as amount
from fate
group by all
order by all
