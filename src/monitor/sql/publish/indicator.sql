-- One row per indicator ever used, as the last night that used it knew it. Key: indicator.
select
    known.indicator, known.title_zh, known.title_en, known.domain, domain.zh as domain_zh, known.unit, known.direction,
    known.level, known.points, known.family, known.route, known.why, known.rule, known.exempt, known.evidence,
    known.parameters, known.since, known.until,
    known.as_of as last_used,
    known.as_of = (select max(as_of) from run) as is_in_use
from (
    select *, row_number() over (partition by indicator order by as_of desc) as newest
    from catalogue
) as known
left join dictionary_code as domain on domain.code_list = 'domain' and domain.code = known.domain
where known.newest = 1
