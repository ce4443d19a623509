-- One row per household drawn for a random audit in the last year: asked although no indicator speaks, so that missed need can be
-- estimated. households is how many it was drawn from, drawn how many were, in its township on that night.
-- Key: case_no. Drawn by a hash of D's ISO week and the household from those without an open visit case (a review case neither
-- keeps one out nor brings one in). A week takes as many as standing_capacity says; what is not answered stays on the list and
-- takes a place of the next week. It ends with an answer other than pending, or when the household leaves the township.
with latest as (
    select case_no, answer, answered_on
    from cases.answer
    where kind = 'audit'
    qualify row_number() over (partition by case_no order by answered_on desc, _order desc) = 1
),

known as (
    select
        previous.case_no, previous.subject, previous.county, previous.township, previous.drawn_on, previous.households,
        previous.drawn, latest.answer, latest.answered_on,
        case
            when home.household is null or latest.answer <> 'pending' then coalesce(previous.ended_on, getvariable('as_of'))
            when latest.answer is null then previous.ended_on
        end as ended_on
    from cases.previous_audit as previous
    left join latest on latest.case_no = previous.case_no
    left join core.household as home
        on home.household_id = previous.subject and home.township is not distinct from previous.township
    where previous.drawn_on > getvariable('as_of') - 366
),

taken as (
    select county, township, count(*) as places
    from known
    where ended_on is null or drawn_on >= date_trunc('week', getvariable('as_of'))
    group by county, township
),

wanted as (
    select capacity.county, capacity.township, capacity.audits - coalesce(taken.places, 0) as places
    from cases.standing_capacity as capacity
    left join taken on taken.county = capacity.county and taken.township is not distinct from capacity.township
),

frame as (
    select
        home.household_id, home.county, home.township, wanted.places,
        count(*) over (partition by home.county, home.township) as households,
        row_number() over (
            partition by home.county, home.township
            order by left(sha256(strftime(getvariable('as_of'), '%G-W%V') || '|' || home.household_id), 12), home.household_id
        ) as turn
    from core.household as home
    join wanted
        on wanted.county = home.county and wanted.township is not distinct from home.township and wanted.places > 0
    anti join cases.standing_case as open
        on open.case_subject = home.household and open.kind = 'visit' and open.state <> 'cleared'
    anti join known on known.subject = home.household_id
        and (known.ended_on is null or known.drawn_on >= date_trunc('week', getvariable('as_of')))
),

drawn as (
    select
        county, township, household_id, households, places,
        row_number() over (partition by county order by township nulls last, turn) as number
    from frame
    where turn <= places
),

-- a night that is run again gives a household the number that it had before, and others those after all that were given
kept as (
    select subject, case_no
    from cases.handed_out
    where kind = 'audit' and not is_taken
    qualify row_number() over (
        partition by subject order by opened_on > getvariable('as_of'), abs(opened_on - getvariable('as_of')), case_no
    ) = 1
),

given as (
    select county, max(number) as number
    from cases.handed_out
    where kind = 'audit' and opened_on = getvariable('as_of')
    group by county
)

select * from known
union all
select
    coalesce(
        kept.case_no,
        'A' || drawn.county || '-' || strftime(getvariable('as_of'), '%Y%m%d') || '-'
            || format('{:04d}', drawn.number + coalesce(given.number, 0))
    ) as case_no,
    drawn.household_id as subject, drawn.county, drawn.township, getvariable('as_of') as drawn_on, drawn.households,
    least(drawn.places, drawn.households) as drawn,
    null as answer, null as answered_on, null as ended_on
from drawn
left join kept on kept.subject = drawn.household_id
left join given on given.county = drawn.county
