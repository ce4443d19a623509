-- One row is a single person on dibao whose civil-affairs family (F:) has no other member although the hukou book holds kin.
-- Key: household. Everybody else is left out. Kin are the living of the hukou, wherever they are.
with singles as (
    select home.household, person.hukou_no
    from core.household as home
    join facts.person_wide as member on member.person = home.head
    join core.person as person on person.person = home.head
    where home.member_count = 1 and home.household_id like 'F:%' and member.on_dibao
),

crowded_hukou as (
    select hukou_no
    from core.person
    where is_living and hukou_no in (select hukou_no from singles)
    group by hukou_no
    having count(*) >= 2
)

select household, true as is_single_person_dibao_with_kin
from singles
where hukou_no in (select hukou_no from crowded_hukou)
