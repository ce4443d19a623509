-- One row per case opened tonight: its number, for ever, such as V530622-20261120-0001.
-- Key: case_no. Unique over nights, because the date is in it and a night numbers each kind and county once. The order is that of a
-- hash, so that neither IDs nor births can be read from who comes first.
-- A night that is run again, because something came late, gives a household the number that it had before: lists with it are in the
-- field. Of several it is the one opened last by tonight, else the one opened next. Other numbers follow after all that were given.
with opened as (
    select opened.kind, opened.case_subject, place.subject, coalesce(place.county, '000000') as county
    from cases.standing_case as opened
    join cases.standing_place as place on place.case_subject = opened.case_subject
    where opened.case_no is null
),

handed_out as (
    select
        known.kind, known.case_no, known.opened_on,
        coalesce(home.household, person.household, person.person) as case_subject
    from cases.handed_out as known
    left join core.household as home on home.household_id = known.household
    left join core.person as person on known.household is null and person.person = id_key(known.subject)
    where not known.is_taken
),

kept as (
    select kind, case_subject, case_no
    from handed_out
    where case_subject is not null
    qualify row_number() over (
        partition by kind, case_subject
        order by opened_on > getvariable('as_of'), abs(opened_on - getvariable('as_of')), case_no
    ) = 1
),

given as (
    select kind, county, max(number) as number
    from cases.handed_out
    where opened_on = getvariable('as_of')
    group by kind, county
),

ordered as (
    select
        opened.kind, opened.case_subject, opened.county,
        row_number() over (
            partition by opened.kind, opened.county
            order by sha256(opened.subject || '|' || opened.kind || '|' || getvariable('as_of')), opened.subject
        ) + coalesce(given.number, 0) as number
    from opened
    anti join kept on kept.kind = opened.kind and kept.case_subject = opened.case_subject
    left join given on given.kind = opened.kind and given.county = opened.county
)

select opened.kind, opened.case_subject, kept.case_no
from opened
join kept on kept.kind = opened.kind and kept.case_subject = opened.case_subject
union all
select
    kind, case_subject,
    case kind when 'review' then 'R' else 'V' end || county || '-' || strftime(getvariable('as_of'), '%Y%m%d') || '-'
        || format('{:04d}', number) as case_no
from ordered
