-- One row per listed case: what its indicators say, lead to and ask, and whose data are late.
-- Key: case_no. In a household of several, a person's reason begins with the person's name, so that the visitor knows whom to ask for.
with said as (
    select
        hit.case_no, hit.indicator, hit.points, hit.subject_key,
        case when hit.unit = 'person' and household.member_count > 1 then coalesce(person.name || '：', '') else '' end
            || hit.reason_zh
            || case
                when hit.state = 'hit' then ''
                else '（' || coalesce(hit.late_zh || '数据迟到', '今晚数据不全') || '，沿用' || strftime(hit.last_hit, '%-m月%-d日') || '）'
            end as reason
    from cases.listed as listed
    join cases.case_hit as hit on hit.case_no = listed.case_no
    join cases.case as opened on opened.case_no = listed.case_no
    left join core.person as person on person.person = if(hit.unit = 'person', hit.subject_key, null)
    left join core.household as household on household.household = opened.case_subject
),

per_indicator as (
    select
        said.case_no, said.indicator, max(said.points) as points,
        string_agg(said.reason, '；' order by said.subject_key) as reasons
    from said
    group by said.case_no, said.indicator
),

worded as (
    select
        one.case_no,
        string_agg(one.reasons, '；' order by one.points desc, one.indicator) as reasons,
        list(text.route order by one.points desc, one.indicator) as routes,
        -- several indicators may ask the same question: each question stands by itself
        flatten(
            list(regexp_extract_all(coalesce(text.ask, ''), '[^？?]+[？?]?') order by one.points desc, one.indicator)
        ) as asks
    from per_indicator as one
    left join lists.indicator_text as text on text.indicator = one.indicator
    group by one.case_no
),

late as (
    select case_no, string_agg(distinct department, '、' order by department) as departments
    from (select case_no, unnest(string_split(late_zh, '、')) as department from cases.case_hit)
    group by case_no
)

-- the first of equal routes and asks stays where it stands
select
    worded.case_no,
    worded.reasons,
    array_to_string(list_filter(routes, lambda x, i: x is not null and list_position(routes, x) = i), '；') as routes,
    array_to_string(list_filter(asks, lambda x, i: list_position(asks, x) = i), '') as asks,
    late.departments as late
from worded
left join late on late.case_no = worded.case_no
