-- One row: a person with any assistance record. Key: person. Since when a benefit runs, when it was reviewed, when it ended.
-- Of several current records of one kind the newest start_date speaks, of equals the last row.
with records as (
    select
        person,
        start_date,
        end_date,
        monthly_amount,
        coalesce(reviewed_on, start_date) as reviewed_on,
        newest(start_date, _order) as newness,
        start_date > (getvariable('as_of') - interval 12 month)::date as is_recent,
        benefit = 'temporary' as is_temporary,
        benefit in ('dibao_urban', 'dibao_rural') as is_dibao,
        benefit in ('tekun_dispersed', 'tekun_institution') as is_tekun,
        benefit = 'rigid' as is_rigid,
        benefit in ('orphan', 'unattended_child') as is_child_aid,
        benefit in ('dibao_urban', 'dibao_rural', 'tekun_dispersed', 'tekun_institution', 'edge', 'rigid') as is_aid,
        status = 'active' and (end_date is null or end_date > getvariable('as_of')) as is_current,
        status = 'ended' or end_date <= getvariable('as_of') as has_ended
    from staging.mca_assistance
),

per_person as (
    select
        person,
        max(end_date) filter (where is_aid and has_ended) as left_on,
        bool_or(is_aid and is_current) as is_aided,
        count(*) filter (where is_temporary and is_recent) as temporary_aid_12m_count,
        arg_max(reviewed_on, newness) filter (where is_dibao and is_current) as dibao_reviewed_on,
        max(start_date) filter (where is_rigid and is_current) as rigid_since,
        -- structs, because arg_max passes over an empty amount
        arg_max({'yuan': monthly_amount}, newness) filter (where is_child_aid and is_current) as child_aid,
        arg_max({'yuan': monthly_amount}, newness) filter (where is_tekun and is_current) as tekun
    from records
    group by person
)

select
    person,
    case when not is_aided then months_since(left_on, getvariable('as_of')) end::integer as left_aid_months,
    temporary_aid_12m_count::integer as temporary_aid_12m_count,
    -- how long nothing happened counts to the newest delivery; a review dated after it was 0 months ago
    case when dibao_reviewed_on > e then 0 else months_since(dibao_reviewed_on, e) end::integer as dibao_review_months,
    months_since(rigid_since, getvariable('as_of'))::integer as rigid_months,
    child_aid.yuan as child_aid_monthly_yuan,
    tekun.yuan as tekun_monthly_yuan
from per_person
cross join (select e from core.time_window where extract = 'mca_assistance')
