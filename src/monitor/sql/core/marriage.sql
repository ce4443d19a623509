-- One row: a person's newest marriage record, of either side. Key: person. Of one day's records the last row speaks.
with sides as (
    select person, spouse_id_no as spouse, marriage, registered_on, _order from staging.mca_marriage
    union all
    select spouse_id_no, person, marriage, registered_on, _order from staging.mca_marriage
)
select
    person,
    arg_max(spouse, newest(registered_on, _order)) as spouse,
    arg_max(marriage, newest(registered_on, _order)) as marriage,
    max(registered_on) as registered_on
from sides
group by person
