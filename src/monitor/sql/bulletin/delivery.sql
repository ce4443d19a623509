-- One row per extract: what arrived, how old it is. Key: extract.
with ledger as (
    select
        extract, count(*) filter (state = 'refused') as refused,
        cast(sum(rows_read) as bigint) as rows_read, cast(sum(loaded) as bigint) as loaded,
        cast(sum(superseded) as bigint) as superseded, cast(sum(quarantined) as bigint) as quarantined
    from warehouse.ledger
    where as_of = getvariable('as_of')
    group by extract
)

select
    freshness.extract, freshness.newest_delivery, freshness.age_days, freshness.late_after, freshness.is_stale,
    coalesce(ledger.refused, 0) as refused, coalesce(ledger.rows_read, 0) as rows_read, coalesce(ledger.loaded, 0) as loaded,
    coalesce(ledger.superseded, 0) as superseded, coalesce(ledger.quarantined, 0) as quarantined,
    (select count(*) from warehouse.freshness as night
     where night.extract = freshness.extract and night.is_stale and night.as_of <= getvariable('as_of')
        and night.as_of > coalesce(cast(getvariable('after') as date), date '1900-01-01')) as nights_late
from warehouse.freshness as freshness
left join ledger on ledger.extract = freshness.extract
where freshness.as_of = getvariable('as_of')
