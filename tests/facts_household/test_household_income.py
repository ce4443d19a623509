"""What a household earns, by whose work, and from which land."""

import pytest
from household_case import Story, check, ids, tell

SEEN = {"work_is_on_record": True}
CHILD = {"born": "2015-01-01"}

STORIES = [
    Story(
        "who has no record has no income, and a workless adult makes it unknown",
        [{}],
        expect={"income_is_known": False, "income_pc_month_yuan": None, "income_pc_year_yuan": None, "income_year_yuan": None},
    ),
    Story(
        "without anybody to work, no record means no income",
        [CHILD, {"born": "1960-01-01"}, {"is_student": True}, {"has_no_work_capacity": True}],
        expect={"income_is_known": True, "income_pc_month_yuan": 0, "income_pc_year_yuan": 0, "income_year_yuan": 0},
    ),
    Story("a youth of 17 need not work", [{"born": "2008-11-21"}], expect={"income_is_known": True}),
    Story("somebody of 18 does", [{"born": "2008-11-20"}], expect={"income_is_known": False}),
    Story("somebody of 59 does", [{"born": "1966-11-21"}], expect={"income_is_known": False}),
    Story(
        "one member whose work is not on record is enough",
        [SEEN | {"recorded_income_month_yuan": "900"}, {}],
        expect={"income_is_known": False, "income_pc_month_yuan": None, "income_year_yuan": None},
    ),
    Story(
        "the month adds the members' rounded incomes, the year their exact ones",
        [
            SEEN | {"earnings_and_subsidy_12m_yuan": "100.00", "recorded_income_month_yuan": "8.33"},
            SEEN | {"earnings_and_subsidy_12m_yuan": "100.00", "recorded_income_month_yuan": "8.33"},
            CHILD,
        ],
        expect={
            "income_is_known": True,
            "income_pc_month_yuan": "5.55",
            "income_pc_year_yuan": "66.67",
            "income_year_yuan": "200.00",
        },
    ),
    Story(
        "twelve pensions make a year, and half a cent is rounded up",
        [SEEN | {"recorded_income_month_yuan": "0.01", "pension_month_yuan": "0.01"}, CHILD],
        expect={"income_pc_month_yuan": "0.01", "income_pc_year_yuan": "0.06", "income_year_yuan": "0.12"},
    ),
    Story(
        "half a cent below zero is rounded away from zero",
        [SEEN | {"recorded_income_month_yuan": "-0.01", "earnings_and_subsidy_12m_yuan": "-0.15"}, CHILD],
        expect={"income_pc_month_yuan": "-0.01", "income_pc_year_yuan": "-0.08", "income_year_yuan": "-0.15"},
    ),
    Story(
        "work without a figure blanks the sums but is known",
        [SEEN | {"recorded_income_month_yuan": None}, SEEN | {"recorded_income_month_yuan": "900"}],
        expect={"income_is_known": True, "income_pc_month_yuan": None, "income_pc_year_yuan": None, "income_year_yuan": None},
    ),
    Story(
        "taxed earnings are a monthly mean of 3 and of 9 months, rounded once",
        [
            {"earnings_3m_yuan": "100.00", "earnings_prior_9m_yuan": "0.02"},
            {"earnings_3m_yuan": "0.05", "earnings_prior_9m_yuan": "0.03"},
            {"earnings_3m_yuan": "999", "status": "moved"},
        ],
        expect={"earnings_3m_month_yuan": "33.35", "earnings_prior_9m_month_yuan": "0.01"},
    ),
    Story(
        "no taxed earnings are 0",
        expect={"earnings_3m_month_yuan": 0, "earnings_prior_9m_month_yuan": 0, "transfer_income_12m_yuan": 0},
    ),
    Story(
        "sales of property add up",
        [{"transfer_income_12m_yuan": "1.50"}, {"transfer_income_12m_yuan": "2.25"}],
        expect={"transfer_income_12m_yuan": "3.75"},
    ),
    Story(
        "workers, pensioners and hardship workers are counted; not known is no",
        [{"is_employed": True, "has_any_pension": True}, {"is_employed": None, "is_hardship_worker": True}, {}],
        expect={"employed_count": 1, "pensioner_count": 1, "hardship_worker_count": 1, "unemployed_count": 0},
    ),
    Story(
        "only the unemployed of 16-59 count, and the latest of them speaks",
        [
            {"is_unemployed": True, "unemployed_days": 90},
            {"is_unemployed": True, "unemployed_days": 40},
            {"is_unemployed": True, "unemployed_days": 5, "born": "1966-11-20"},
        ],
        expect={"unemployed_count": 2, "unemployed_earner_days": 40, "employed_count": 0},
    ),
    Story("without an unemployed earner there are no days", expect={"unemployed_count": 0, "unemployed_earner_days": None}),
    Story(
        "land and machinery subsidy are those of each member's newest year, empty cells included",
        [{}, {}],
        {
            "mara_subsidy": [
                {"of": 0, "year": 2026, "land_mu": "2.5", "machinery_subsidy": "300"},
                {"of": 0, "year": 2025, "land_mu": "9", "machinery_subsidy": "900"},
                {"of": 0, "year": 2027, "land_mu": "99", "machinery_subsidy": "9900"},
                {"of": 1, "year": 2024, "land_mu": "1.25", "machinery_subsidy": None},
                {"of": 1, "year": 2023, "land_mu": "7", "machinery_subsidy": "700"},
            ]
        },
        expect={"land_mu": "3.75", "machinery_subsidy_yuan": "300"},
    ),
    Story("who farms nothing on record has no land", expect={"land_mu": 0, "machinery_subsidy_yuan": 0}),
]


@pytest.fixture(scope="module")
def told():
    return tell(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=ids(STORIES))
def test_income(story, told):
    check(story, told)
