-- One row per household that the last night's cases speak of: where it is tonight.
-- Key: household_id. A household keeps its case as long as its id lives, whoever heads it. One that is gone (all have died or moved,
-- the family number was changed) is followed through its last head: into the household where that person is now, else to the person.
-- household is null when the head stands alone tonight: nothing can be asked of the household any more.
with named as (
    select household as household_id from cases.previous_case where household is not null
    union
    select subject from cases.previous_case_hit where unit = 'household'
),

followed as (
    select
        named.household_id,
        tonight.household as same_household,
        person.household as head_household,
        id_key(previous.head) as head
    from named
    left join core.household as tonight on tonight.household_id = named.household_id
    left join cases.previous_household as previous on previous.household = named.household_id
    left join core.person as person on person.person = id_key(previous.head)
)

select
    household_id,
    coalesce(same_household, head_household) as household,
    coalesce(same_household, head_household, head) as case_subject,
    same_household is not null as is_same
from followed
