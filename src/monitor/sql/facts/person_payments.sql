-- One row: a person with a payment on file. Key: person. Left out: persons never paid.
with in_window as (
    select p.person, p.pay_month, p.benefit, p.pay_status
    from staging.mca_payment as p
    cross join (select running_month, w3_from from core.time_window where extract = 'mca_payment') as reach
    where p.pay_month between reach.w3_from and reach.running_month
),

-- of the others no month can have failed
troubled as (
    select distinct person from in_window where pay_status in ('failed', 'returned')
),

per_benefit as (
    select
        person,
        pay_month,
        benefit,
        bool_or(pay_status in ('failed', 'returned')) and not bool_or(pay_status = 'ok') as failed
    from in_window
    where person in (select person from troubled)
    group by person, pay_month, benefit
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

last_months as (
    select person, max(pay_month) as pay_month
    from staging.mca_payment
    group by person
),

-- the last row of the last month: only a month of names is looked at
payees as (
    select p.person, arg_max(coalesce(p.account_name, ''), p._order) as paid_to
    from staging.mca_payment as p
    join last_months on last_months.person = p.person and last_months.pay_month = p.pay_month
    group by p.person
)

-- names are compared without the dots and blanks (those that reading trims) that banks leave out or add
select
    payees.person,
    coalesce(list_sum(recent.failed), 0)::integer as failed_payment_months,
    case
        when payees.paid_to in ('', p.name) then false
        else regexp_replace(
            payees.paid_to, '[·•\s\x{B}\x{1C}-\x{1F}\x{85}\x{A0}\x{1680}\x{180E}\x{2000}-\x{200D}\x{2028}\x{2029}\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}]', '', 'g'
        ) <> regexp_replace(
            p.name, '[·•\s\x{B}\x{1C}-\x{1F}\x{85}\x{A0}\x{1680}\x{180E}\x{2000}-\x{200D}\x{2028}\x{2029}\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}]', '', 'g'
        )
    end as payee_name_differs
from payees
left join recent on recent.person = payees.person
left join core.person as p on p.person = payees.person
