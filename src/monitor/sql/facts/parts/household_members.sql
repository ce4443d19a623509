-- One row is a household: its members counted, and what they earn and spend added up. No facts, but what they are built on.
-- Key: household. No household is left out. One pass over all persons, because the pass costs more than what it adds up.
with members as (
    select
        household,
        age_years,
        is_student,
        has_no_work_capacity,
        is_severely_disabled,
        on_dibao or on_tekun as on_dibao_or_tekun,
        age_years between 18 and 59 and not has_no_work_capacity as is_able,
        work_is_on_record is not true as is_off_record,
        recorded_income_month_yuan,
        pension_month_yuan,
        self_paid_12m_yuan,
        school_cost_year_yuan
    from facts.person_wide
    where is_member
)

select
    household,
    count(*) as member_count,
    count(*) filter (where age_years < 18) as minor_count,
    count(*) filter (where age_years >= 60) as elder_count,
    count(*) filter (where age_years between 16 and 59 and not is_student and not has_no_work_capacity) as working_age_count,
    count(*) filter (where age_years < 16 or age_years >= 60 or is_severely_disabled) as dependent_count,
    count(*) filter (where is_able) as able_young_adult_count,
    count(*) filter (where not on_dibao_or_tekun) as not_on_dibao_count,
    count(*) filter (where is_able and not is_student and is_off_record) as unseen_count,
    count(recorded_income_month_yuan) as recorded_income_count,
    sum(recorded_income_month_yuan)::decimal(18, 2) as recorded_income_month_yuan,
    coalesce(sum(pension_month_yuan), 0)::decimal(18, 2) as pension_month_yuan,
    coalesce(sum(self_paid_12m_yuan), 0)::decimal(18, 2) as self_paid_12m_yuan,
    coalesce(sum(school_cost_year_yuan), 0)::decimal(18, 2) as school_cost_year_yuan
from members
group by household
