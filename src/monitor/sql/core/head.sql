-- One row: a household that has a member, and who heads it. Key: household_id; head is unique too.
-- Head: the member with relation head, of several the oldest, without one the oldest member, then the smallest ID.
with members as (
    select
        assigned_household,
        person,
        village_code,
        hukou_type,
        -- one integer that orders the members: not head < older < smaller ID; no birth date, however wrong, is ten million days off
        (case when relation = 'head' then 0 else 1 end * cast(10000000 as hugeint) + (birth_date - date '1800-01-01'))
            * 2305843009213693952 + person as seniority
    from core.known
    where is_member
)
select
    assigned_household as household_id,
    arg_min(person, seniority) as head,
    cast(count(*) as integer) as member_count,
    arg_min(village_code, seniority) as village_code,
    arg_min(hukou_type, seniority) as area_kind
from members
group by assigned_household
