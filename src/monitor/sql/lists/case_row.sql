-- One row per listed case as the field reads it; the Chinese columns are the columns of the file.
-- Key: file, position. file is the path below the night's outbox; in it households stand by village, in each village by rank, those
-- that were drawn for an audit last. A household shows its head, a lone person themselves; people without a place have a list of
-- their own (000000/000000000). kind and village_code steer the workbooks and are not shown.
select
    case opened.kind when 'review' then opened.county || '/reviews/' else opened.county || '/' end
        || coalesce(nullif(opened.township, ''), rpad(opened.county, 9, '0')) || '.csv' as file,
    row_number() over (
        partition by opened.kind = 'review', opened.county, opened.township
        order by opened.village nulls last, opened.kind = 'audit', listed.rank, opened.case_no
    ) as position,
    opened.kind,
    opened.village as village_code,
    opened.case_no as "工单编号",
    listed.rank as "优先序",
    coalesce(colour.zh, '抽查') as "颜色",
    state.zh as "状态",
    opened.due as "办理期限",
    coalesce(village.name, opened.village) as "村（居）",
    coalesce(person.name, '（姓名不详）') as "户主",
    masked_id(id_text(coalesce(household.head, opened.case_subject))) as "身份证号",
    person.phone as "联系电话",
    person.address as "住址",
    coalesce(household.member_count, 1) as "人数",
    coalesce(opened.reopened_zh || '；', '') || coalesce(text.reasons, opened.reasons_zh) as "原因",
    text.routes as "可能适用的政策",
    case opened.kind when 'audit' then '家里近来生活怎样？有没有大病、残疾、失业、上学或受灾？在享受哪些救助？' else text.asks end as "询问要点",
    text.late as "迟到部门",
    cast(null as varchar) as "核查结果",
    cast(null as varchar) as "核查日期",
    cast(null as varchar) as "核查人",
    cast(null as varchar) as "情况说明",
    opened.rank_zh as "排序说明",
    visit_code(opened.case_no) as "核验码"
from cases.listed as listed
join cases.case as opened on opened.case_no = listed.case_no
join lists.state as state on state.state = opened.state
left join lists.colour as colour on colour.colour = opened.colour
left join lists.case_text as text on text.case_no = listed.case_no
left join core.household as household on household.household = opened.case_subject
left join core.person as person on person.person = coalesce(household.head, opened.case_subject)
left join core.region as village on village.code = opened.village
