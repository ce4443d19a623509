-- One row is a household whose power account, in its newest month on file, used nothing or was cut.
-- Key: household. An account belongs to the person of its newest month; accounts silent since before W3 are left out. Of several
-- the one with the newest month speaks, then the greatest number. A missing month ends the run of months without power.
with newest_months as (
    select
        power.account_no,
        max(power.use_month) as use_month,
        arg_max(power.person, power.use_month) as person,
        arg_max(power.kwh, power.use_month) as kwh,
        arg_max(coalesce(power.disconnected, false), power.use_month) as is_cut
    from staging.grid_power as power
    cross join core.time_window as reach
    where reach.extract = 'grid_power' and power.use_month >= reach.w3_from
    group by power.account_no
),

accounts as (
    select
        member.household,
        newest_months.*
    from newest_months
    join facts.person_wide as member on member.person = newest_months.person
    where member.is_member
),

-- only few households have anything to tell; the others need no ranking
telling as (
    select distinct household
    from accounts
    where kwh = 0 or is_cut
),

ranked as (
    select
        accounts.*,
        row_number() over (partition by household order by use_month desc, account_no desc) as place
    from accounts
    where household in (select household from telling)
),

chosen as (
    select household, account_no, use_month, kwh, is_cut
    from ranked
    where place = 1 and (kwh = 0 or is_cut)
),

zero_months as (
    select
        chosen.household,
        12 * (year(chosen.use_month) - year(power.use_month)) + month(chosen.use_month) - month(power.use_month) as months_back,
        row_number() over (partition by chosen.household order by power.use_month desc) as place
    from chosen
    join staging.grid_power as power on power.account_no = chosen.account_no
    where
        chosen.kwh = 0
        and power.kwh = 0
        and power.use_month <= chosen.use_month
        and power.use_month > cast(chosen.use_month - interval 12 month as date)
),

-- in an unbroken run the first row lies 0 months back, the second 1, and so on
runs as (
    select household, count(*) as zero_months
    from zero_months
    where months_back = place - 1
    group by household
)

select
    chosen.household,
    coalesce(runs.zero_months, 0)::integer as zero_power_months,
    chosen.is_cut as power_cut
from chosen
left join runs on runs.household = chosen.household
