-- One row per household that the last night's cases speak of: where it is tonight.
-- Key: household_id. A household keeps its case as long as its id lives, whoever heads it. One that is gone (all have died or moved,
-- the family number was changed) is followed through its last head: into the household where that person is now, else to the person.
-- household is null when the head stands alone tonight: nothing can be asked of the household any more.
with named as (
    select household as household_id from cases.previous_case where household is not null
    union
    select subject from cases.previous_case_hit where unit = 'household'
    union
    select subject from cases.previous_case_answer where unit = 'household'
),

headed as (
    select named.household_id, id_key(previous.head) as head
    from named
    left join cases.previous_household as previous on previous.household = named.household_id
)

select
    headed.household_id,
    coalesce(tonight.household, person.household) as household,
    coalesce(tonight.household, person.household, headed.head) as case_subject,
    tonight.household is not null as is_same
from headed
left join core.household as tonight on tonight.household_id = headed.household_id
left join core.person as person on person.person = headed.head
