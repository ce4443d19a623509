-- One row is a household with a member who gets assistance, lost it or had temporary aid.
-- Key: household. Households of which the ledger says nothing are left out.
with members as (
    select household, on_dibao, on_tekun, on_edge, on_rigid, on_low_income_list, left_aid_months, temporary_aid_12m_count
    from facts.person_wide
    where is_member and (on_low_income_list or left_aid_months is not null or temporary_aid_12m_count > 0)
),

counted as (
    select
        household,
        count(*) filter (where on_dibao) as dibao_members,
        count(*) filter (where on_tekun) as tekun_members,
        count(*) filter (where on_edge) as edge_members,
        count(*) filter (where on_rigid) as rigid_members,
        count(*) filter (where on_low_income_list) as listed_members,
        min(left_aid_months) as newest_exit_months,
        sum(temporary_aid_12m_count) as temporary_records
    from members
    group by household
)

select
    household,
    dibao_members > 0 as on_dibao,
    tekun_members > 0 as on_tekun,
    edge_members > 0 as on_edge,
    rigid_members > 0 as on_rigid,
    listed_members > 0 as on_low_income_list,
    listed_members = 0 and newest_exit_months is not null as has_left_aid,
    case when listed_members = 0 then newest_exit_months end as left_aid_months,
    coalesce(temporary_records, 0)::integer as temporary_aid_12m_count,
    dibao_members::integer as dibao_member_count
from counted
