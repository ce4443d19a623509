-- One row is a household with a student whose schooling costs fees, or with a student loan.
-- Key: household. Households without one are left out.
select
    household,
    (count(*) filter (where is_fee_student))::integer as fee_student_count,
    (count(*) filter (
        where is_university_student and has_student_aid is not true and has_student_loan is not true
    ))::integer as unaided_university_student_count,
    (count(*) filter (where is_student and has_student_loan))::integer as student_loan_count
from facts.person_wide
where is_member and (is_fee_student or is_university_student or (is_student and has_student_loan))
group by household
