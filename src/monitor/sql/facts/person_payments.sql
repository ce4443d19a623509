-- One row: a person with a payment on file. Key: person. Left out: persons never paid.
with windows as (
    select running_month, w3_from from core.time_window where extract = 'mca_payment'
),

per_benefit as (
    select
        p.person,
        p.pay_month,
        p.benefit,
        bool_or(p.pay_status in ('failed', 'returned')) and not bool_or(p.pay_status = 'ok') as failed
    from staging.mca_payment as p
    cross join windows
    where p.pay_month between windows.w3_from and windows.running_month
    group by p.person, p.pay_month, p.benefit
),

per_month as (
    select person, pay_month, bool_or(failed) as failed
    from per_benefit
    group by person, pay_month
),

-- the two newest months on file, whatever they hold
recent as (
    select person, max_by(failed::integer, pay_month, 2) as failed
    from per_month
    group by person
),

payees as (
    select person, arg_max(coalesce(account_name, ''), newest(pay_month, _order)) as paid_to
    from staging.mca_payment
    group by person
)

-- names are compared without the dots and blanks that banks leave out or add
select
    payees.person,
    coalesce(list_sum(recent.failed), 0)::integer as failed_payment_months,
    case
        when payees.paid_to in ('', p.name) then false
        else regexp_replace(payees.paid_to, '[·•\s\x{3000}\x{A0}]', '', 'g')
            <> regexp_replace(p.name, '[·•\s\x{3000}\x{A0}]', '', 'g')
    end as payee_name_differs
from payees
left join recent on recent.person = payees.person
left join core.person as p on p.person = payees.person
