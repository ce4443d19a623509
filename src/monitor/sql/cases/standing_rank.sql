-- One row per open case: its rank in its township and why, visits and reviews apart.
-- Key: case_no. Red first, blue last; between them by score = points x learned weight x waiting. Waiting grows by one for every 90
-- days since the case was opened or reopened; a day past its due date counts three times, so what is overdue climbs.
-- A muted case has neither score nor rank. Left out: cases that ended or were closed tonight.
with open as (
    select
        coalesce(standing.case_no, number.case_no) as case_no,
        standing.kind, standing.colour, standing.points, standing.first_seen, standing.first_listed, standing.is_resting,
        place.county, place.township, weight.weighted,
        getvariable('as_of') - coalesce(standing.reopened_on, standing.first_seen) as waited,
        greatest(0, getvariable('as_of') - deadline.due) as overdue
    from cases.standing_case as standing
    join cases.standing_place as place on place.case_subject = standing.case_subject
    left join cases.standing_weight as weight
        on weight.kind = standing.kind and weight.case_subject = standing.case_subject
    left join cases.standing_number as number on number.kind = standing.kind and number.case_subject = standing.case_subject
    left join cases.standing_deadline as deadline
        on deadline.first_listed = standing.first_listed and deadline.colour = standing.colour
    where standing.state not in ('cleared', 'closed')
),

scored as (
    select
        * exclude (overdue),
        coalesce(overdue, 0) as overdue,
        case when not is_resting then weighted * (90 + waited + 2 * coalesce(overdue, 0)) // 90 end as score
    from open
),

-- with two decimals, as text
shown as (
    select
        case_no,
        rounded_quotient(weighted, points * 10) as weight,
        rounded_quotient((90 + waited + 2 * overdue) * 100, 90) as waiting,
        rounded_quotient(score, 10) as total
    from scored
    where score is not null
)

select
    scored.case_no, scored.kind, scored.colour, scored.county, scored.township, scored.first_listed, scored.is_resting,
    cast(scored.score as bigint) as score,
    case
        when not scored.is_resting then row_number() over (
            partition by scored.kind, scored.county, scored.township, scored.is_resting
            order by
                scored.colour = 'red' desc, scored.colour <> 'blue' desc, scored.score desc, scored.points desc,
                scored.first_seen, scored.case_no
        )
    end as rank,
    case scored.colour when 'red' then '红色优先；' when 'blue' then '蓝色仅关注；' else '' end
        || '分值' || scored.points
        || ' × 属实系数' || format('{}.{:02d}', shown.weight // 100, shown.weight % 100)
        || ' × 等待系数' || format('{}.{:02d}', shown.waiting // 100, shown.waiting % 100)
        || '（已等' || scored.waited || '天' || case when scored.overdue > 0 then '，逾期' || scored.overdue || '天' else '' end || '）'
        || ' = ' || format('{}.{:02d}', shown.total // 100, shown.total % 100) as rank_zh
from scored
left join shown on shown.case_no = scored.case_no
