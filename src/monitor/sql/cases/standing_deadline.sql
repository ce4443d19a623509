-- One row per day of listing and colour: the day by which to visit, so many working days later.
-- Key: first_listed, colour. Left out: blue, which is not listed.
select listed_on.day as first_listed, colour.colour, due.day as due
from cases.working_day as listed_on
cross join cases.colour as colour
join cases.working_day as due on due.is_working and due.number = listed_on.number + colour.due_working_days
