-- One row: a person on assistance with a hospital stay within 12 months that medical assistance did not help with. Key: person.
-- Left out: everybody else.
with stays as (
    select person, _order, settled_on
    from staging.nhsa_settlement
    where visit_kind = 'inpatient' and self_paid > 0 and coalesce(aid_paid, 0) = 0
        and settled_on > (getvariable('as_of') - interval 12 month)::date
),

aid as (
    select person, start_date, end_date
    from staging.mca_assistance
    where benefit in ('dibao_urban', 'dibao_rural', 'tekun_dispersed', 'tekun_institution', 'edge', 'rigid')
        and (end_date is not null or status = 'active')
)

-- counted by row, because a stay under two records at once is one stay (a semi join with a range takes seventy times as long)
select stays.person, count(distinct stays._order)::integer as unaided_stay_12m_count
from stays
join aid on aid.person = stays.person
where aid.start_date <= stays.settled_on and (aid.end_date is null or aid.end_date > stays.settled_on)
group by stays.person
