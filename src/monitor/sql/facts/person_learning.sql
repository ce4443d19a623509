-- One row: a person with a school record. Key: person. The newest school year speaks.
with newest as (
    select
        person,
        arg_max(
            {
                'school_year': school_year,
                'stage': stage,
                'status': status,
                'status_date': status_date,
                'tuition': tuition,
                'aid_amount': coalesce(aid_amount, 0),
                'loan': coalesce(loan, false)
            },
            school_year
        ) as r
    from staging.moe_student
    group by person
),

judged as (
    select
        person,
        r.stage as stage,
        r.status_date as status_date,
        r.tuition as tuition,
        r.aid_amount as aid_amount,
        r.loan as loan,
        -- the school year starts in September; last year's list still counts
        r.status = 'enrolled'
            and r.school_year >= year(getvariable('as_of')) - case when month(getvariable('as_of')) >= 9 then 1 else 2 end
            as is_student,
        r.status in ('dropout', 'left') and r.stage in ('primary', 'junior') as dropped_out,
        r.status = 'graduated' and r.stage in ('vocational', 'college', 'university', 'graduate') as has_graduated
    from newest
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
