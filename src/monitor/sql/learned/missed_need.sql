-- One row per county, and one over 'all': the share of households without a case that are in need, with its 95 % interval.
-- Key: county. A small township has more audits per household than a large one, so every township weighs by its households:
-- p = sum(W k/n) with W = its share of the households of the townships that were audited. Unequal weights cost precision: the
-- interval is Wilson's with n = 1 / sum(W^2/n) visits. No finite-population correction: the visits are spread over a year in which
-- need comes and goes, so the households are a sample of a process, not a stock that is used up. Shares in 10^-9, visits in 10^-6.
with weighed as (
    select
        case when grouping(county) = 1 then 'all' else county end as county,
        cast(sum(households) as bigint) as households,
        cast(sum(visited) as bigint) as visited,
        cast(sum(judged) as bigint) as judged,
        cast(sum(missed) as bigint) as missed,
        sum(households) filter (judged > 0) as audited_households,
        sum(cast(households as hugeint) * (missed * 1000000000 // nullif(judged, 0))) as found,
        sum(cast(households as hugeint) * households * 1000000 // nullif(judged, 0)) as spread
    from learned.audited_township
    group by grouping sets ((county), ())
),

estimated as (
    select
        county, households, visited, judged, missed,
        found // audited_households as share9,
        cast(audited_households as hugeint) * audited_households * 1000000000000 // spread as visits6
    from weighed
    where households > 0
),

bounded as (
    select
        *,
        share(share9, 1000000000) as share,
        share_low(share9 * visits6 // 1000000000, visits6) as share_low,
        share_high(share9 * visits6 // 1000000000, visits6) as share_high
    from estimated
)

select
    county, households, visited, judged, missed, share, share_low, share_high,
    cast(rounded_quotient(cast(share * 10000 as bigint) * households, 10000) as bigint) as missed_households,
    cast(rounded_quotient(cast(share_low * 10000 as bigint) * households, 10000) as bigint) as missed_households_low,
    cast(rounded_quotient(cast(share_high * 10000 as bigint) * households, 10000) as bigint) as missed_households_high
from bounded
