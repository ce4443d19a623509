-- One row per household (or lone person) and kind of case that an answer mutes: whether it rests tonight, or why it does not.
-- Key: kind, case_subject. It rests until the mute ends, whether anything hits or not, unless an indicator hits that was not in the
-- case when it was answered, the colour is above that of then, or a measure is worse by a quarter (from 0: by anything).
-- Of a household that was not answered itself, every hit must have been answered elsewhere, of the same person.
with hitting as (
    select answer.kind, answer.case_subject, answer.is_own, hit.indicator, hit.subject, hit.measure
    from cases.standing_answer as answer
    join cases.standing_hit as hit on hit.kind = answer.kind and hit.case_subject = answer.case_subject
    where hit.state = 'hit'
),

added as (
    select hitting.kind, hitting.case_subject, string_agg(distinct hitting.indicator, '、' order by hitting.indicator) as indicators
    from hitting
    anti join cases.earlier_answered as answered
        on answered.kind = hitting.kind and answered.case_subject = hitting.case_subject
        and answered.indicator = hitting.indicator and (hitting.is_own or answered.subject = hitting.subject)
    group by hitting.kind, hitting.case_subject
),

measured as (
    select
        hitting.kind, hitting.case_subject, hitting.indicator, answered.measure as then_was,
        case measure.worse when 'higher' then hitting.measure - answered.measure else answered.measure - hitting.measure end
            as worse_by
    from hitting
    join cases.earlier_answered as answered
        on answered.kind = hitting.kind and answered.case_subject = hitting.case_subject
        and answered.indicator = hitting.indicator and answered.subject = hitting.subject
    join cases.measure as measure on measure.indicator = hitting.indicator
),

worsened as (
    select kind, case_subject, string_agg(distinct indicator, '、' order by indicator) as indicators
    from measured
    where worse_by > 0 and worse_by * 4 >= abs(then_was)
    group by kind, case_subject
),

-- of answered cases that have merged, the highest colour counts
coloured as (
    select asked.kind, asked.case_subject, max(colour.severity) as severity
    from (
        select kind, case_subject, colour from cases.standing_answer
        union all
        select kind, case_subject, colour from cases.earlier_answered
    ) as asked
    join cases.colour as colour on colour.colour = asked.colour
    group by asked.kind, asked.case_subject
),

risen as (
    select points.kind, points.case_subject, tonight.zh
    from coloured
    join cases.standing_points as points on points.kind = coloured.kind and points.case_subject = coloured.case_subject
    join cases.colour as tonight on points.points >= tonight.points_from and points.points < tonight.points_below
    where tonight.severity > coloured.severity
),

why as (
    select
        answer.*,
        case
            when answer.muted_until is null then '答复更正为' || answer.zh
            else concat_ws(
                '；',
                case
                    when answer.muted_until > getvariable('as_of') then null
                    when speaking.kind is null then '静默期满，有数据没到，上次的情况还不能排除'
                    else '静默期满仍命中'
                end,
                '新增预警' || added.indicators,
                '颜色升为' || risen.zh,
                worsened.indicators || '加重25%以上'
            )
        end as change_zh
    from cases.standing_answer as answer
    left join (select distinct kind, case_subject from hitting) as speaking
        on speaking.kind = answer.kind and speaking.case_subject = answer.case_subject
    left join added on added.kind = answer.kind and added.case_subject = answer.case_subject
    left join risen on risen.kind = answer.kind and risen.case_subject = answer.case_subject
    left join worsened on worsened.kind = answer.kind and worsened.case_subject = answer.case_subject
)

select
    kind, case_subject, is_own, answered_case, answer, answered_on, muted_until, closes and is_new as closes_tonight,
    change_zh = '' as is_resting,
    case
        when change_zh = '' then null
        when muted_until is null then change_zh
        else '上次核查（' || strftime(answered_on, '%-m月%-d日') || '）' || zh || '；' || change_zh
    end as reopened_zh
from why
