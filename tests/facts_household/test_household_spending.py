"""What a household must spend on treatment and schooling, and who in it is ill, disabled or learning."""

import pytest
from household_case import Story, check, ids, tell

SEEN = {"work_is_on_record": True}
CHILD = {"born": "2015-01-01"}


def earns(yuan, **more):
    return SEEN | {"earnings_and_subsidy_12m_yuan": yuan} | more


STORIES = [
    Story(
        "who spends nothing has a share of 0, whatever the income",
        [{}],
        expect={
            "self_paid_12m_yuan": 0,
            "school_cost_year_yuan": 0,
            "rigid_spending_12m_yuan": 0,
            "rigid_share": 0,
            "income_year_yuan": None,
        },
    ),
    Story(
        "treatment and schooling of all members add up",
        [
            earns("10000.00", self_paid_12m_yuan="1234.50"),
            CHILD | {"school_cost_year_yuan": "5000.00", "self_paid_12m_yuan": "0.55"},
        ],
        expect={
            "self_paid_12m_yuan": "1235.05",
            "school_cost_year_yuan": "5000",
            "rigid_spending_12m_yuan": "6235.05",
            "rigid_share": "0.6235",
        },
    ),
    Story("half a ten-thousandth is rounded up", [earns("20000", self_paid_12m_yuan="1")], expect={"rigid_share": "0.0001"}),
    Story("less is rounded down", [earns("20000.01", self_paid_12m_yuan="1")], expect={"rigid_share": 0}),
    Story("a share is 9.99 at most", [earns("100", self_paid_12m_yuan="1000")], expect={"rigid_share": "9.99"}),
    Story("spending without income is 9.99", [CHILD | {"school_cost_year_yuan": "1"}], expect={"rigid_share": "9.99"}),
    Story("spending with unknown income is not known", [{"self_paid_12m_yuan": "1"}], expect={"rigid_share": None}),
    Story(
        "spending of those who left is not the household's",
        [{}, {"self_paid_12m_yuan": "1", "status": "moved"}],
        expect={"self_paid_12m_yuan": 0, "rigid_share": 0},
    ),
    Story(
        "students of fee-paying schools are counted",
        [{"is_student": True, "is_fee_student": True}, {"is_student": True}],
        expect={"fee_student_count": 1, "unaided_university_student_count": 0, "student_loan_count": 0},
    ),
    Story(
        "a university student with aid or a loan is not unaided",
        [
            {"is_student": True, "is_fee_student": True, "is_university_student": True} | more
            for more in ({}, {"has_student_aid": True}, {"has_student_loan": True})
        ],
        expect={"fee_student_count": 3, "unaided_university_student_count": 1, "student_loan_count": 1},
    ),
    Story("a loan of former times is no student's", [{"has_student_loan": True}], expect={"student_loan_count": 0}),
    Story(
        "the disabled and the gravely ill are counted",
        [
            {"has_valid_disability": True, "is_severely_disabled": True},
            {"has_valid_disability": True},
            {"has_major_disease": True},
            {},
        ],
        expect={"disabled_count": 2, "severely_disabled_count": 1, "major_disease_count": 1},
    ),
    Story(
        "the healthy have nobody to count",
        expect={"disabled_count": 0, "severely_disabled_count": 0, "major_disease_count": 0, "fee_student_count": 0},
    ),
]


@pytest.fixture(scope="module")
def told():
    return tell(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=ids(STORIES))
def test_spending(story, told):
    check(story, told)
