"""School, spending on health, insurance, disability, disease and ability; as of 2026-11-20."""

from __future__ import annotations

from typing import Any

import pytest
from person_case import Case, check, judge, sentences


def school(year: int = 2026, stage: str = "primary", status: str = "enrolled", **more: Any) -> dict[str, Any]:
    return {"school_year": year, "stage": stage, "status": status, **more}


def bill(day: str = "2026-11-01", paid: Any = 100, kind: str = "inpatient", **more: Any) -> dict[str, Any]:
    return {"settled_on": day, "self_paid": paid, "visit_kind": kind, **more}


def certificate(kind: int = 4, grade: int = 1, **more: Any) -> dict[str, Any]:
    return {"disability_kind": kind, "disability_grade": grade, **more}


def aid(start: str, **more: Any) -> dict[str, Any]:
    return {"benefit": "dibao_rural", "start_date": start, "status": "active", **more}


def aged(day: str) -> list[dict[str, Any]]:
    return [{"born": day}]


STAGES = ("kindergarten", "primary", "junior", "senior", "vocational", "college", "university", "graduate")
MAJOR = ("cancer", "uremia", "transplant", "leukemia", "stroke", "heart", "aids", "congenital", "rare", "severe_mental")
LEARNING: list[Case] = [
    (
        "without a school record there is no student",
        {},
        {
            "is_student": False, "is_compulsory_student": False, "is_fee_student": False, "is_university_student": False,
            "dropped_out": False, "has_student_aid": False, "has_student_loan": False, "has_school_record": False,
            "has_graduated": False, "graduated_months": None, "school_cost_year_yuan": 0,
        },
    ),
    (
        "a pupil of last year's list is still a pupil",
        {"moe_student": [school(2025, "junior")]},
        {"is_student": True, "is_compulsory_student": True, "is_fee_student": False, "has_school_record": True},
    ),
    ("a pupil of the list before is not", {"moe_student": [school(2024)]}, {"is_student": False, "has_school_record": True}),
    (
        "the newest school year speaks",
        {"moe_student": [school(2026, "university"), school(2025, "senior", tuition=9000)]},
        {"is_fee_student": True, "is_university_student": True, "is_compulsory_student": False, "school_cost_year_yuan": 0},
    ),
    (
        "a kindergarten costs fees",
        {"moe_student": [school(stage="kindergarten")]},
        {"is_fee_student": True, "is_university_student": False},
    ),
    (
        "who suspends school is no student",
        {"moe_student": [school(status="suspended", tuition=500)]},
        {"is_student": False, "school_cost_year_yuan": 0},
    ),
    (
        "leaving junior school is dropping out",
        {"moe_student": [school(stage="junior", status="left")]},
        {"dropped_out": True, "is_student": False},
    ),
    ("leaving senior school is not", {"moe_student": [school(stage="senior", status="dropout")]}, {"dropped_out": False}),
    (
        "aid lowers the cost of school",
        {"moe_student": [school(stage="college", tuition=8000, aid_amount="3000.50", loan=True)]},
        {"school_cost_year_yuan": "4999.50", "has_student_aid": True, "has_student_loan": True},
    ),
    (
        "aid above the fees leaves no cost, an empty loan is none",
        {"moe_student": [school(stage="college", tuition=1000, aid_amount=3000)]},
        {"school_cost_year_yuan": 0, "has_student_loan": False},
    ),
    (
        "empty fees are none, and aid that was taken back is a cost",
        {"moe_student": [school(stage="college", aid_amount=-100)]},
        {"school_cost_year_yuan": 100},
    ),
    (
        "empty aid is none",
        {"moe_student": [school(stage="college", tuition=1000)]},
        {"school_cost_year_yuan": 1000, "has_student_aid": False},
    ),
    *(
        (
            f"a student of {stage}",
            {"moe_student": [school(stage=stage)]},
            {
                "is_student": True, "is_compulsory_student": stage in ("primary", "junior"),
                "is_fee_student": stage not in ("primary", "junior"),
                "is_university_student": stage in ("college", "university", "graduate"),
            },
        )
        for stage in STAGES
    ),
    *(
        (f"done with {stage}", {"moe_student": [school(2025, stage, "graduated")]}, {"has_graduated": stage in STAGES[4:]})
        for stage in STAGES
    ),
    *(
        (
            f"{status} of {stage}",
            {"moe_student": [school(stage=stage, status=status)]},
            {"dropped_out": stage in ("primary", "junior")},
        )
        for stage in STAGES for status in ("dropout", "left")
    ),
    (
        "a graduate of six months",
        {"moe_student": [school(2025, "university", "graduated", status_date="2026-05-20")]},
        {"has_graduated": True, "graduated_months": 6, "is_student": False},
    ),
    (
        "a graduate without a date",
        {"moe_student": [school(2025, "vocational", "graduated")]},
        {"has_graduated": True, "graduated_months": None},
    ),
    (
        "leaving junior school with a certificate is no graduation",
        {"moe_student": [school(2025, "junior", "graduated", status_date="2026-05-20")]},
        {"has_graduated": False, "graduated_months": None},
    ),
]  # fmt: skip
AUTUMN: list[Case] = [
    (
        "in September a new school year runs and last year's list still counts",
        {"moe_student": [school(2025)]},
        {"is_student": True},
    ),
    ("in September the list before is old", {"moe_student": [school(2024)]}, {"is_student": False}),
]
SUMMER: list[Case] = [
    ("in August last year's school year still runs", {"moe_student": [school(2024)]}, {"is_student": True}),
    ("in August the list of three years ago is old", {"moe_student": [school(2023)]}, {"is_student": False}),
]

SPENDING: list[Case] = [
    (
        "without a bill nothing was paid",
        {},
        {
            "self_paid_12m_yuan": 0, "self_paid_3m_yuan": 0, "self_paid_prior_quarter_yuan": 0,
            "largest_stay_self_paid_12m_yuan": 0,
            "inpatient_12m_count": 0, "long_treatment_months_6m": 0, "injury_self_paid_6m_yuan": 0, "unaided_stay_12m_count": 0,
            "is_insured_this_year": False, "is_insurance_subsidised": False,
        },
    ),
    (
        "twelve months begin after the same day of last year, and end with D",
        {"nhsa_settlement": [bill("2025-11-20", 1), bill("2025-11-21", 10), bill("2026-11-20", 100), bill("2026-11-21", 1000)]},
        {"self_paid_12m_yuan": 110, "self_paid_3m_yuan": 100, "inpatient_12m_count": 2, "largest_stay_self_paid_12m_yuan": 100},
    ),
    (
        "three months and the nine before share no day",
        {"nhsa_settlement": [bill("2026-08-20", "0.05"), bill("2026-08-21", 7)]},
        {"self_paid_3m_yuan": 7, "self_paid_prior_quarter_yuan": "0.02", "self_paid_12m_yuan": "7.05"},
    ),
    (
        "a third of a fen is dropped",
        {"nhsa_settlement": [bill("2026-08-20", "0.04")]},
        {"self_paid_prior_quarter_yuan": "0.01"},
    ),
    (
        "the largest stay is one bill, and no visit of the day clinic",
        {"nhsa_settlement": [bill(paid=300), bill(paid="500.50"), bill(paid=9000, kind="outpatient")]},
        {"largest_stay_self_paid_12m_yuan": "500.50", "inpatient_12m_count": 2, "self_paid_12m_yuan": "9800.50"},
    ),
    (
        "months of long treatment are different calendar months of the listed diseases",
        {"nhsa_settlement": [
            bill("2026-05-20", kind="chronic", disease="uremia"),  # 6 months ago to the day: outside
            bill("2026-05-21", kind="chronic", disease="uremia"),
            bill("2026-06-01", kind="chronic", disease="uremia"), bill("2026-06-30", disease="cancer"),
            bill("2026-07-01", kind="outpatient", disease="uremia"), bill("2026-08-01", disease="diabetes"),
            bill("2026-09-01"), bill("2026-11-20", disease="tuberculosis"),
        ]},
        {"long_treatment_months_6m": 3},
    ),
    *(
        (
            f"{disease} is treated long",
            {"nhsa_settlement": [bill(kind="chronic", disease=disease)]},
            {"long_treatment_months_6m": 1, "largest_stay_self_paid_12m_yuan": 0, "injury_self_paid_6m_yuan": 0},
        )
        for disease in ("uremia", "cancer", "leukemia", "transplant", "tuberculosis")
    ),
    (
        "a visit for a cold is none of all that",
        {"nhsa_settlement": [bill(kind="outpatient")]},
        {"long_treatment_months_6m": 0, "largest_stay_self_paid_12m_yuan": 0, "injury_self_paid_6m_yuan": 0},
    ),
    (
        "injuries of six months, marked as such",
        {"nhsa_settlement": [
            bill("2026-05-20", 1, injury=True), bill("2026-05-21", 10, injury=True), bill("2026-06-01", 100),
            bill("2026-06-01", 1000, injury=False),
        ]},
        {"injury_self_paid_6m_yuan": 10},
    ),
    (
        "stays under aid that got no medical assistance count once each",
        {
            "mca_assistance": [aid("2026-01-01"), aid("2026-01-01", benefit="rigid")],
            "nhsa_settlement": [bill(), bill(aid_paid=0), bill(aid_paid=5), bill(paid=0), bill(kind="outpatient")],
        },
        {"unaided_stay_12m_count": 2},
    ),
    *(
        (
            f"a stay under {benefit} within 12 months",
            {
                "mca_assistance": [aid("2020-01-01", benefit=benefit)],
                "nhsa_settlement": [bill("2025-11-20"), bill("2025-11-21")],
            },
            {"unaided_stay_12m_count": 1},
        )
        for benefit in ("dibao_urban", "dibao_rural", "tekun_dispersed", "tekun_institution", "edge", "rigid")
    ),
    (
        "aid that began on the day of the bill was in force, aid that ended on it was not",
        {
            "mca_assistance": [
                aid("2025-01-01", end_date="2026-02-01", status="ended"),
                aid("2026-03-01", end_date="2026-03-03", status="ended"),
            ],
            "nhsa_settlement": [
                bill("2026-01-31"), bill("2026-02-01"), bill("2026-03-01"), bill("2026-03-02"), bill("2026-03-03"),
            ],
        },
        {"unaided_stay_12m_count": 3},
    ),
    (
        "a suspended record without an end was not in force, an allowance is no aid",
        {
            "mca_assistance": [aid("2025-01-01", status="suspended"), aid("2025-01-01", benefit="elder_age")],
            "nhsa_settlement": [bill()],
        },
        {"unaided_stay_12m_count": 0},
    ),
    (
        "insured and subsidised this year",
        {"nhsa_enrolment": [{"year": 2025, "subsidised": False}, {"year": 2026, "subsidised": True}]},
        {"is_insured_this_year": True, "is_insurance_subsidised": True},
    ),
    (
        "whether the premium was subsidised may not be known",
        {"nhsa_enrolment": [{"year": 2026}]},
        {"is_insured_this_year": True, "is_insurance_subsidised": None},
    ),
    (
        "insured last year or next year is not insured this year",
        {"nhsa_enrolment": [{"year": 2025, "subsidised": True}, {"year": 2027, "subsidised": True}]},
        {"is_insured_this_year": False, "is_insurance_subsidised": False},
    ),
]  # fmt: skip
NEW_YEAR: list[Case] = [
    (
        "in January the year of the last delivery counts",
        {"nhsa_enrolment": [{"year": 2026, "subsidised": True}]},
        {"is_insured_this_year": True, "is_insurance_subsidised": True},
    ),
]

HEALTH: list[Case] = [
    (
        "no certificate, no disease, no assessment",
        {"psb_resident": aged("1980-01-01")},
        {
            "has_valid_disability": False, "disability_kind": None, "disability_grade": None, "is_severely_disabled": False,
            "is_mentally_disabled_3": False, "has_disability_certificate": False, "disability_issued_days": None,
            "disability_expires_in_days": None, "has_no_work_capacity": False, "has_major_disease": False,
            "major_disease_days": None,
            "has_severe_mental": False, "mental_risk_level": None, "has_ability_assessment": False, "ability_level": None,
            "ability_assessed_months": None, "has_fresh_ability_assessment": False,
        },
    ),
    (
        "a certificate without an end is valid, and dates from the first issue",
        {"dpf_disability": [certificate(4, 2, first_issued_on="2026-11-10", issued_on="2026-11-19")]},
        {
            "has_valid_disability": True, "disability_kind": 4, "disability_grade": 2, "is_severely_disabled": True,
            "disability_issued_days": 10, "disability_expires_in_days": 99999, "has_no_work_capacity": True,
            "is_mentally_disabled_3": False, "has_disability_certificate": True,
        },
    ),
    (
        "without a first issue the issue counts, and the last day is valid",
        {"dpf_disability": [certificate(6, 3, issued_on="2026-11-19", expires_on="2026-11-20")]},
        {
            "disability_issued_days": 1, "disability_expires_in_days": 0, "has_valid_disability": True,
            "is_mentally_disabled_3": True,
            "is_severely_disabled": False, "has_no_work_capacity": True,
        },
    ),
    (
        "an expired certificate is shown, but says nothing of today",
        {"dpf_disability": [certificate(5, 1, expires_on="2026-11-19")]},
        {
            "has_valid_disability": False, "disability_kind": 5, "disability_grade": 1, "is_severely_disabled": False,
            "disability_expires_in_days": -1, "disability_issued_days": None, "has_no_work_capacity": False,
            "has_disability_certificate": True,
        },
    ),
    (
        "a certificate first issued tomorrow is not there yet",
        {"dpf_disability": [certificate(first_issued_on="2026-11-21", issued_on="2026-11-01")]},
        {"has_disability_certificate": False},
    ),
    ("limbs of grade 3 can work", {"dpf_disability": [certificate(4, 3)]}, {"has_no_work_capacity": False}),
    ("sight of grade 1 cannot", {"dpf_disability": [certificate(1, 1)]}, {"has_no_work_capacity": True}),
    (
        "sight of grade 2 can",
        {"dpf_disability": [certificate(1, 2)]},
        {"has_no_work_capacity": False, "is_severely_disabled": True},
    ),
    (
        "intellect of grade 4 can",
        {"dpf_disability": [certificate(5, 4)]},
        {"has_no_work_capacity": False, "is_mentally_disabled_3": False},
    ),
    ("hearing of grade 1 can", {"dpf_disability": [certificate(2, 1)]}, {"has_no_work_capacity": False}),
    ("at 59 one can work", {"psb_resident": aged("1966-11-21")}, {"has_no_work_capacity": False}),
    ("at 60 one need not", {"psb_resident": aged("1966-11-20")}, {"has_no_work_capacity": True}),
    ("at 15 one may not", {"psb_resident": aged("2010-11-21")}, {"has_no_work_capacity": True}),
    ("at 16 one may", {"psb_resident": aged("2010-11-20")}, {"has_no_work_capacity": False}),
    *((f"{disease} is major", {"nhc_disease": [{"disease": disease}]}, {"has_major_disease": True}) for disease in MAJOR),
    (
        "the newest major diagnosis counts, others do not",
        {"nhc_disease": [
            {"disease": "cancer", "diagnosed_on": "2026-11-01"}, {"disease": "stroke", "diagnosed_on": "2020-01-01"},
            {"disease": "diabetes", "diagnosed_on": "2026-11-19"},
        ]},
        {"has_major_disease": True, "major_disease_days": 19, "has_severe_mental": False, "mental_risk_level": None},
    ),
    (
        "tuberculosis and high blood pressure are not major",
        {"nhc_disease": [{"disease": "tuberculosis", "diagnosed_on": "2026-11-01"}, {"disease": "hypertension"}]},
        {"has_major_disease": False, "major_disease_days": None},
    ),
    (
        "a major disease without a date",
        {"nhc_disease": [{"disease": "rare"}]},
        {"has_major_disease": True, "major_disease_days": None},
    ),
    (
        "a diagnosis of tomorrow is not there yet",
        {"nhc_disease": [{"disease": "aids", "diagnosed_on": "2026-11-21"}]},
        {"has_major_disease": False},
    ),
    (
        "a severe mental disorder has a risk level",
        {"nhc_disease": [{"disease": "severe_mental", "risk_level": 3}, {"disease": "cancer", "risk_level": 5}]},
        {"has_major_disease": True, "has_severe_mental": True, "mental_risk_level": 3},
    ),
    (
        "a risk level that nobody gave is not known",
        {"nhc_disease": [{"disease": "severe_mental"}]},
        {"has_severe_mental": True, "mental_risk_level": None},
    ),
    *(
        (f"a score of {score} is level {level}", {"nhc_elder_ability": [{"score": score}]}, {"ability_level": level})
        for score, level in ((90, 0), (89, 1), (66, 1), (65, 2), (46, 2), (45, 3), (30, 3), (29, 4), (0, 4), (91, None))
    ),
    (
        "an assessment of 12 months is fresh",
        {"nhc_elder_ability": [{"score": 50, "assessed_on": "2025-10-21"}]},
        {"has_ability_assessment": True, "ability_assessed_months": 12, "has_fresh_ability_assessment": True},
    ),
    (
        "one of 13 months is not",
        {"nhc_elder_ability": [{"score": 50, "assessed_on": "2025-10-20"}]},
        {"has_ability_assessment": True, "ability_assessed_months": 13, "has_fresh_ability_assessment": False},
    ),
    (
        "an assessment of tomorrow is not there yet",
        {"nhc_elder_ability": [{"score": 50, "assessed_on": "2026-11-21"}]},
        {"has_ability_assessment": False, "ability_level": None, "has_fresh_ability_assessment": False},
    ),
]  # fmt: skip
NOW = [*LEARNING, *SPENDING, *HEALTH]
ALL = [*NOW, *SUMMER, *AUTUMN, *NEW_YEAR]


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    late = judge(NEW_YEAR, "2027-01-10", delivered={"nhsa_enrolment": "2026-12-28"})
    return judge(NOW) | judge(SUMMER, "2026-08-31") | judge(AUTUMN, "2026-09-01") | late


@pytest.mark.parametrize("case", ALL, ids=sentences(ALL))
def test_health_facts(case: Case, judged: dict[str, dict[str, Any]]) -> None:
    check(case, judged)
