-- One row per household (or lone person) and kind of case in which something stands: its reasons in words, weightiest first.
-- Key: kind, case_subject. Names stand in none of them. What is unknown tonight says whose data are late and from when it is.
with worded as (
    select
        kind, case_subject, indicator,
        max(points) as points,
        case
            when bool_or(state = 'hit') then min(reason_zh) filter (state = 'hit')
            else min(reason_zh) || '（' || coalesce(min(late_zh) || '数据迟到', '今晚数据不全') || '，沿用'
                || strftime(max(last_hit), '%-m月%-d日') || '）'
        end as reason_zh
    from cases.standing_hit
    group by kind, case_subject, indicator
)

select
    kind, case_subject,
    string_agg(indicator, ',' order by points desc, indicator) as indicators,
    string_agg(reason_zh, '；' order by points desc, indicator) as reasons_zh
from worded
group by kind, case_subject
