-- One row: a household, that is one with a member. Key: household (the person key of its head); also household_id.
-- Rows lie in the order of the key. Region and area kind are the head's.
select
    head.head as household,
    head.household_id,
    head.head,
    head.member_count,
    head.village_code,
    place.township,
    place.county,
    head.area_kind,
    head.area_kind = 'rural' as is_rural,
    place.place_id
from core.head
join core.place on place.village_code = head.village_code and place.area_kind = head.area_kind
order by household
