-- One row per hit that was in a case when it was answered, as long as the case rests on that answer and on the night it is reopened.
-- Key: case_no, indicator, subject. The memory by which the next night tells whether something is new or worse.
select
    opened.case_no, answered.indicator, answered.unit,
    case when answered.unit = 'household' and answered.subject is not null then opened.household else answered.subject_id end
        as subject,
    answered.measure, answered.colour, answered.answer, answered.answered_on
from cases.earlier_answered as answered
join cases.case as opened on opened.kind = answered.kind and opened.case_subject = answered.case_subject
where opened.state in ('closed', 'muted', 'reopened')
