-- One row: a person whom civil affairs count to a family that lives together. Key: person.
-- Of several lists the one checked last speaks, then the greatest number. Left out: the other lists.
with ranked as (
    select
        person,
        family_no,
        relation,
        row_number() over (partition by person order by checked_on desc nulls last, family_no desc) as place
    from staging.mca_family
)
select person, family_no, relation
from ranked
where place = 1
