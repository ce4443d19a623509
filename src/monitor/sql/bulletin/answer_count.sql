-- One row per page, kind and answer: cases answered so far, and of these since the period began. Key: place, kind, answer.
select
    place.place, answered.kind, answered.answer, count(*) as cases,
    count(*) filter (answered.is_of_period) as of_period
from bulletin.answered as answered
join bulletin.place as place on place.county = answered.county
group by place.place, answered.kind, answered.answer
