-- One row: a person who is dead, in custody or holds an expired disability certificate, and was paid. Key: person.
-- Left out: everybody else, of whom nothing was paid wrongly. Only payments that succeeded count.
-- Of somebody dead without a date nothing is known when there is a payment that could have come after the death.
with concerned as (
    select person from core.death
    union
    select person from core.custody
    union
    select person from staging.dpf_disability where expires_on < getvariable('as_of')
),

limits as (
    select
        c.person,
        d.person is not null as is_dead,
        d.death_date is null as is_undated,
        last_day(d.death_date) as death_month_end,
        last_day(j.started_on) as custody_month_end,
        last_day(e.expires_on) as expiry_month_end
    from concerned as c
    left join core.death as d on d.person = c.person
    left join core.custody as j on j.person = c.person
    left join staging.dpf_disability as e on e.person = c.person and e.expires_on < getvariable('as_of')
),

paid as (
    select
        p.person,
        p.amount,
        l.is_dead and l.is_undated as is_undated,
        p.benefit = 'elder_age' as is_elder_age,
        p.benefit in ('disability_living', 'disability_care') as is_disability,
        l.is_dead and coalesce(p.pay_month > l.death_month_end, false) as is_after_death,
        coalesce(p.pay_month > l.custody_month_end, false) as is_in_custody,
        coalesce(p.pay_month > l.expiry_month_end, false) as is_expired
    from staging.mca_payment as p
    join limits as l on l.person = p.person
    where p.pay_status = 'ok'
),

counted as (
    select
        person,
        bool_or(is_undated) as is_undated,
        bool_or(is_undated and is_elder_age) as is_undated_elder_age,
        bool_or(is_undated and is_disability) as is_undated_disability,
        count(*) filter (where is_after_death) as after_death,
        coalesce(sum(amount) filter (where is_after_death), 0) as after_death_yuan,
        count(*) filter (where is_after_death and is_elder_age) as elder_age_after_death,
        count(*) filter (where is_after_death and is_disability) as disability_after_death,
        count(*) filter (where is_in_custody) as in_custody,
        count(*) filter (where is_expired and is_disability) as expired
    from paid
    group by person
)

select
    person,
    case when not is_undated then after_death end::integer as paid_after_death_count,
    case when not is_undated then after_death_yuan end::decimal(18, 2) as paid_after_death_yuan,
    in_custody::integer as paid_in_custody_count,
    case when not is_undated_elder_age then elder_age_after_death end::integer as elder_age_paid_after_death_count,
    case when not is_undated_disability then disability_after_death end::integer as disability_paid_after_death_count,
    expired::integer as disability_paid_on_expired_count
from counted
