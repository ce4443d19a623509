-- One row per process hit: an office is late or falls short. It makes no case and colours nobody.
-- Key: indicator, subject_key.
select
    hit.indicator, hit.county, hit.township, hit.unit,
    case hit.unit when 'household' then household.household_id else id_text(hit.subject) end as subject,
    hit.subject as subject_key,
    hit.level, hit.evidence, hit.reason_zh as reasons_zh
from hits.hit as hit
left join core.household as household on household.household = if(hit.unit = 'household', hit.subject, null)
where hit.direction = 'process'
