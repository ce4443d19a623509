-- One row per earlier hit of which nothing can be told tonight: it was judged unknown, or its person is not known any more, and what
-- it rests on makes people known who are not in the register, and is late.
-- Key: indicator, subject.
with known_through as (
    select extract
    from deliveries.freshness
    where is_stale and extract in ('mca_assistance', 'mca_payment', 'mca_care')
)

select earlier.indicator, earlier.subject
from cases.earlier_hit as earlier
join hits.judged as judged on judged.indicator = earlier.indicator and judged.subject = earlier.subject
where judged.outcome = 'unknown'
   or (
       judged.outcome = 'not_known'
       and list_has_any(json_keys(earlier.evidence, '$.deliveries'), (select list(extract) from known_through))
   )
