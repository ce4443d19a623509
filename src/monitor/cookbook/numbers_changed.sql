-- 问: 哪些标准在哪一晚变了
-- Q: Which numbers changed, on which night?
-- 答: 一行一次变动；before 为上一晚的值
-- A: One row a change; before = the value of the night before
with known as (
    select
        as_of, parameter, region_code, area_kind, value, document,
        lag(value) over (partition by parameter, region_code, area_kind order by as_of) as before,
        min(as_of) over () as oldest,
        row_number() over (partition by parameter, region_code, area_kind order by as_of) as number
    from parameter
)

select known.as_of, known.parameter, name.zh, known.region_code, known.area_kind, known.before, known.value, name.unit_zh, known.document
from known
left join parameter_name as name on name.parameter = known.parameter
where (known.number > 1 and known.value <> known.before) or (known.number = 1 and known.as_of > known.oldest)
order by known.as_of, known.parameter, known.region_code, known.area_kind;
