-- One row per open case: its rank in its township, visits and reviews apart.
-- Key: case_no. Urgent first: colour, then points, then the one that has waited longest.
select
    coalesce(standing.case_no, number.case_no) as case_no,
    standing.kind, standing.colour, standing.first_listed, place.township,
    row_number() over (
        partition by standing.kind, place.county, place.township
        order by
            colour.severity desc, standing.points desc, standing.first_seen, coalesce(standing.case_no, number.case_no)
    ) as rank
from cases.standing_case as standing
join cases.colour as colour on colour.colour = standing.colour
join cases.standing_place as place on place.case_subject = standing.case_subject
left join cases.standing_number as number on number.kind = standing.kind and number.case_subject = standing.case_subject
where standing.state <> 'cleared'
