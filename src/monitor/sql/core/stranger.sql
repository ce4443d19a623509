-- One row: a known person who is not in the register: on assistance, paid, or registered as homeless. Key: person.
-- All rows count, those dated after the as-of date too. name and village_code are those of the newest benefit record.
with known as (
    select id_no_key as person from landing.mca_assistance
    union
    select id_no_key from landing.mca_payment
    union
    select id_no_key from landing.mca_care where care_kind = 'homeless'
),
strangers as (
    select person
    from known
    anti join landing.psb_resident as register on register.id_no_key = known.person
),
benefits as (
    select
        id_no_key as person,
        name,
        village_code,
        row_number() over (
            partition by id_no_key order by start_date desc, _delivered_on desc, _part desc, _row desc
        ) as place
    from landing.mca_assistance
    semi join strangers on strangers.person = landing.mca_assistance.id_no_key
)
select
    strangers.person,
    benefits.name,
    benefits.village_code
from strangers
left join benefits on benefits.person = strangers.person and benefits.place = 1
