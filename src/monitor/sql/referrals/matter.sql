-- One row per referred case and receiving department: what it is asked for, and who in the household it concerns.
-- Key: case_no, department. person: keys of those whom a rule of this department names; of the household as a whole, its head.
-- A case in which nothing stood that a department receives (an audited household, routes that stay with the township) goes to whoever
-- receives what is unknown. Left out: departments of rules that did not stand in the case.
with household as (
    select
        referred.case_no, coalesce(home.head, person.person) as head
    from referrals.referred as referred
    left join core.household as home on home.household_id = referred.household
    left join core.person as person on person.person = id_key(referred.subject)
),

led_to as (
    select
        referred.case_no, route.department, route.route, route.indicator, route.position,
        case hit.unit when 'person' then id_key(hit.subject) else household.head end as person
    from referrals.referred as referred
    join household on household.case_no = referred.case_no
    join referrals.hit as hit on hit.case_no = referred.case_no and hit.list_as_of = referred.list_as_of
    join referrals.route as route on route.indicator = hit.indicator
),

nowhere as (
    select referred.case_no, receiver.department, household.head
    from referrals.referred as referred
    join household on household.case_no = referred.case_no
    cross join referrals.unknown_receiver as receiver
    anti join led_to on led_to.case_no = referred.case_no
),

matters as (
    select case_no, department, string_agg(route, '；' order by indicator, position) as matter
    from (select case_no, department, route, min(indicator) as indicator, min(position) as position from led_to group by all)
    group by case_no, department
),

people as (
    select
        led_to.case_no, led_to.department,
        string_agg(coalesce(person.name, '（姓名不详）'), '、' order by led_to.person) as person,
        string_agg(id_text(led_to.person), '、' order by led_to.person) as id_no,
        string_agg(right(id_text(led_to.person), 4), '、' order by led_to.person) as masked_id,
        any_value(person.phone order by led_to.person) as phone
    from (select distinct case_no, department, person from led_to where person is not null) as led_to
    left join core.person as person on person.person = led_to.person
    group by led_to.case_no, led_to.department
)

select matters.case_no, matters.department, matters.matter, people.person, people.id_no, people.masked_id, people.phone
from matters
left join people on people.case_no = matters.case_no and people.department = matters.department
union all
select
    nowhere.case_no, nowhere.department, '请民政按核查情况办理', coalesce(person.name, '（姓名不详）'), id_text(nowhere.head),
    right(id_text(nowhere.head), 4), person.phone
from nowhere
left join core.person as person on person.person = nowhere.head
