-- One row per referred case and receiving department, with every field that any department may be given; each file shows its own.
-- Key: department, case_no.
select
    matter.department, referred.case_no, referred.action, referred.answered_on as referred_on,
    coalesce(county.name, referred.county) as county,
    coalesce(township.name, referred.township) as township,
    matter.matter, matter.person, matter.id_no, matter.masked_id,
    coalesce(head.name, '（姓名不详）') as head,
    coalesce(matter.phone, head.phone) as phone,
    coalesce(village.name, head.village_code) as village,
    head.address,
    coalesce(home.member_count, 1) as members
from referrals.referred as referred
join referrals.matter as matter on matter.case_no = referred.case_no
left join core.household as home on home.household_id = referred.household
left join core.person as head on head.person = coalesce(home.head, id_key(referred.subject))
left join core.region as county on county.code = referred.county
left join core.region as township on township.code = referred.township
left join core.region as village on village.code = head.village_code
