-- One row per page and reason why a visit case is or is not on tonight's list. Key: place, why.
select place.place, listing.why, count(*) as cases
from warehouse.listing as listing
join bulletin.place as place on place.county = substr(listing.case_no, 2, 6)
where listing.as_of = getvariable('as_of') and starts_with(listing.case_no, 'V')
group by place.place, listing.why
