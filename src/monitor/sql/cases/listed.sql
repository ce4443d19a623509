-- One row per case on tonight's lists, and why: red always, kept = listed before and not ended, ranked = by its rank, audit = drawn.
-- Key: case_no. Red and kept fill a township's worklist; the best of the rest join while it holds fewer cases than its capacity.
-- Every case on it is unanswered: an answer takes it off, but for pending, which leaves the visit to be made. Reviews are the
-- county office's and know no capacity. Left out: see left_off.
with active as (
    select
        *,
        case when colour = 'red' then 'red' when first_listed is not null then 'kept' when kind = 'review' then 'ranked' end as sure
    from cases.standing_rank
    where colour <> 'blue' and not is_resting
),

filled as (
    select county, township, count(*) as cases
    from active
    where kind = 'visit' and sure is not null
    group by county, township
),

rest as (
    select case_no, county, township, rank, row_number() over (partition by county, township order by rank) as turn
    from active
    where sure is null
),

best as (
    select rest.case_no, rest.township, rest.rank
    from rest
    join cases.standing_capacity as capacity
        on capacity.county = rest.county and capacity.township is not distinct from rest.township
    left join filled on filled.county = rest.county and filled.township is not distinct from rest.township
    where rest.turn <= capacity.cases - coalesce(filled.cases, 0)
)

select case_no, township, rank, sure as why from active where sure is not null
union all
select case_no, township, rank, 'ranked' from best
union all
select case_no, township, row_number() over (partition by county, township order by case_no), 'audit'
from cases.audit
where ended_on is null
