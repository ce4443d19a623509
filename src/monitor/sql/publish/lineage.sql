-- One row per step from an extract column or a parameter to the column of a list. Key: from_kind, from_name, to_kind, to_name, how.
-- What a rule reads and says is that of the newest catalogue; the other steps are read off the SQL (table source).
with asked as (
    select * from indicator where is_in_use
),

said as (
    select distinct from_kind, from_name, starts_with(from_name, 'supervision.') as is_process
    from source
    where from_kind = 'rule_text'
        or from_name in (
            'case_hits.indicator', 'case_hits.reason_zh', 'case_hits.points', 'case_hits.late_zh', 'cases.colour', 'cases.due',
            'cases.reasons_zh', 'cases.rank_zh', 'listed.rank', 'supervision.indicator', 'supervision.reasons_zh',
            'supervision.level'
        )
),

read as (
    select indicator, unit, unnest(string_split(evidence, ',')) as fact from asked
),

given as (
    select indicator, unnest(string_split(parameters, ',')) as parameter from asked
)

select from_kind, from_name, to_kind, to_name, how, is_exact from source
union all
select 'fact', unit || '.' || fact, 'indicator', indicator, 'read', true from read
union all
select 'parameter', parameter, 'indicator', indicator, 'read', true from given where parameter <> ''
union all
select 'indicator', asked.indicator, said.from_kind, said.from_name, 'told', true
from asked
join said on said.from_kind = 'rule_text' or said.is_process = (asked.direction = 'process')
