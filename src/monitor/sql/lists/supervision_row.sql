-- One row per process hit as the county office reads it; the Chinese columns are the columns of the file.
-- Key: file, position. By township, the gravest first. It shows the head of a household, or the person whom the matter is about.
select
    supervision.county || '/supervision.csv' as file,
    row_number() over (
        partition by supervision.county
        order by supervision.township nulls last, level.points desc, supervision.indicator, supervision.subject_key
    ) as position,
    supervision.indicator as "指标编号",
    level.zh as "等级",
    coalesce(township.name, supervision.township) as "乡镇（街道）",
    coalesce(village.name, person.village_code) as "村（居）",
    coalesce(person.name, '（姓名不详）') as "姓名",
    masked_id(id_text(coalesce(household.head, supervision.subject_key))) as "身份证号",
    supervision.reasons_zh as "原因",
    text.route as "督办事项",
    text.ask as "核对要点",
    cast(null as varchar) as "办理结果",
    cast(null as varchar) as "办理日期",
    cast(null as varchar) as "办理人",
    cast(null as varchar) as "情况说明"
from cases.supervision as supervision
join lists.level as level on level.level = supervision.level
left join lists.indicator_text as text on text.indicator = supervision.indicator
left join core.household as household
    on household.household = if(supervision.unit = 'household', supervision.subject_key, null)
left join core.person as person on person.person = coalesce(household.head, supervision.subject_key)
left join core.region as township on township.code = supervision.township
left join core.region as village on village.code = person.village_code
