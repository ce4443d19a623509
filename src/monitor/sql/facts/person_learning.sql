-- One row: a person with a school record. Key: person. The newest school year speaks.
with last_year as (
    select person, max(school_year) as school_year
    from staging.moe_student
    group by person
),

judged as (
    select
        student.person,
        student.stage,
        student.status_date,
        coalesce(student.tuition, 0) as tuition,
        coalesce(student.aid_amount, 0) as aid_amount,
        coalesce(student.loan, false) as loan,
        -- the school year starts in September; last year's list still counts
        student.status = 'enrolled'
            and student.school_year >= year(getvariable('as_of')) - case when month(getvariable('as_of')) >= 9 then 1 else 2 end
            as is_student,
        student.status in ('dropout', 'left') and student.stage in ('primary', 'junior') as dropped_out,
        student.status = 'graduated' and student.stage in ('vocational', 'college', 'university', 'graduate') as has_graduated
    from staging.moe_student as student
    join last_year on last_year.person = student.person and last_year.school_year = student.school_year
)

select
    person,
    is_student,
    is_student and stage in ('primary', 'junior') as is_compulsory_student,
    is_student and stage not in ('primary', 'junior') as is_fee_student,
    is_student and stage in ('college', 'university', 'graduate') as is_university_student,
    dropped_out,
    aid_amount > 0 as has_student_aid,
    loan as has_student_loan,
    true as has_school_record,
    has_graduated,
    case when has_graduated then months_since(status_date, getvariable('as_of')) end::integer as graduated_months,
    case when is_student and tuition > aid_amount then tuition - aid_amount else 0 end::decimal(18, 2) as school_cost_year_yuan
from judged
