-- One row: a person whose register entry names a father or a mother. Key: person. Left out: persons without a named parent.
-- What a parent is counts whether or not the parent is in the register.
with named as (
    select person, household, father as parent from core.person where father is not null
    union all
    select person, household, mother from core.person where mother is not null
),

migrants as (
    select person from facts.person_insurance where is_migrant_worker
),

described as (
    select
        named.person,
        coalesce(state.is_dead, false) as is_dead,
        coalesce(state.is_dead_or_missing, false) as is_gone,
        coalesce(state.is_incapable, false) as is_incapable,
        coalesce(parent.in_registry, false) as in_registry,
        coalesce(parent.is_member and parent.household = named.household, false) as in_household,
        migrants.person is not null as is_migrant
    from named
    left join core.person as parent on parent.person = named.parent
    left join core.parent_state as state on state.person = named.parent
    left join migrants on migrants.person = named.parent
)

select
    person,
    count(*) filter (where is_dead)::integer as parents_dead_count,
    count(*) filter (where is_gone)::integer as parents_dead_or_missing_count,
    count(*) filter (where is_incapable)::integer as parents_incapable_count,
    count(*)::integer as parents_named_count,
    count(*) filter (where in_registry)::integer as parents_in_registry_count,
    count(*) filter (where in_household)::integer as parents_in_household_count,
    count(*) filter (where is_migrant)::integer as parents_migrant_count
from described
group by person
