-- One row is a household with a member whose application was refused, and why the newest refusal was given.
-- Key: household. An application without a decision date is not known to be decided and left out.
with refused_members as (
    select household, person, refused_months
    from facts.person_wide
    where is_member and was_refused
),

refusals as (
    select
        member.household,
        application.refusal,
        row_number() over (
            partition by member.household order by application.decided_on desc, application._order desc
        ) as place
    from refused_members as member
    join staging.mca_application as application on application.person = member.person
    where application.decision = 'refused' and application.decided_on <= getvariable('as_of')
),

newest as (
    select household, min(refused_months) as refused_months
    from refused_members
    group by household
)

select
    newest.household,
    true as was_refused,
    newest.refused_months::integer as refused_months,
    refusals.refusal as refused_for
from newest
left join refusals on refusals.household = newest.household and refusals.place = 1
