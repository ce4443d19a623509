-- One row per household to visit, as the form on a telephone offers it.
-- Key: name (the 核验码). Left out: reviews. Every cell begins with a letter or a Chinese word, so that no program takes it for a number
-- or a formula. position is that of the township's list.
select
    split_part(row.file, '/', 1) as county,
    row.file,
    row.position,
    row."核验码" as name,
    row."颜色" || ' ' || row."优先序" || ' ' || row."户主" || coalesce(' ' || row."住址", '') as label,
    't' || replace(split_part(row.file, '/', 2), '.csv', '') as township,
    coalesce(township.name, replace(split_part(row.file, '/', 2), '.csv', '')) as township_name,
    't' || replace(split_part(row.file, '/', 2), '.csv', '') || coalesce('v' || row.village_code, 'none') as village,
    coalesce(row."村（居）", '住址不详') as village_name,
    '户主：' || row."户主" || '，' || row."人数" || '人' as head,
    '电话：' || coalesce(row."联系电话", '无') as phone,
    '住址：' || coalesce(row."住址", '不详') as address,
    '办理期限：' || coalesce(cast(row."办理期限" as varchar), '近期') as due,
    '为什么走访：' || coalesce(row."原因", '') as reasons,
    '问什么：' || coalesce(row."询问要点", '家庭近况') as asks,
    '可能适用的政策：' || coalesce(row."可能适用的政策", '视核查情况') as routes
from lists.case_row as row
left join core.region as township on township.code = replace(split_part(row.file, '/', 2), '.csv', '')
where row.kind <> 'review'
