-- One row: a person with a marriage record on either side of it. Key: person. Left out: everybody else.
-- A spouse whom no register knows is taken to live, somewhere else.
with divorced as (
    select person as one, spouse_id_no as other
    from staging.mca_marriage
    where marriage = 'divorced' and registered_on > (getvariable('as_of') - interval 12 month)::date
),

newly_divorced as (
    select one as person from divorced
    union
    select other from divorced
),

married as (
    select
        m.person,
        m.marriage = 'married'
            and m.registered_on < getvariable('as_of') - 60
            and core.death.person is null
            and coalesce(spouse.household <> own.household, true) as is_apart
    from core.marriage as m
    left join core.person as own on own.person = m.person
    left join core.person as spouse on spouse.person = m.spouse
    left join core.death on core.death.person = m.spouse
)

select
    married.person,
    newly_divorced.person is not null as divorced_within_12m,
    married.is_apart as spouse_outside_household
from married
left join newly_divorced on newly_divorced.person = married.person
