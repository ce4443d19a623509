-- View. One row: a person who could not look after a child. Key: person, in the register or not. Left out: everybody else.
select person, true as is_incapable_parent
from core.parent_state
where is_incapable
