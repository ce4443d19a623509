-- One row per case opened tonight: its number, for ever, such as V530622-20261120-0001.
-- Key: case_no. Unique over nights, because the date is in it and a night numbers each kind and county once. The order is that of a
-- hash, so that neither IDs nor births can be read from who comes first.
with ordered as (
    select
        opened.kind, opened.case_subject,
        coalesce(place.county, '000000') as county,
        row_number() over (
            partition by opened.kind, coalesce(place.county, '000000')
            order by sha256(place.subject || '|' || opened.kind || '|' || getvariable('as_of')), place.subject
        ) as number
    from cases.standing_case as opened
    join cases.standing_place as place on place.case_subject = opened.case_subject
    where opened.case_no is null
)

select
    kind, case_subject,
    case kind when 'review' then 'R' else 'V' end || county || '-' || strftime(getvariable('as_of'), '%Y%m%d') || '-'
        || format('{:04d}', number) as case_no
from ordered
