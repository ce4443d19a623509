"""Earnings, insurance, unemployment, pensions and the income that follows from them; as of 2026-11-20."""

from __future__ import annotations

from typing import Any

import pytest
from given import made_up_id
from person_case import AS_OF, Case, build, check, judge, sentences

# 20 people with an income in each of the last two whole months, so that the data of the tax office reach to the end of October:
# W12 = 2025-11 ... 2026-10, W3 = 2026-08 ... 2026-10
OTHERS = {
    "sta_income": [
        {"id_no": made_up_id(n, "1970-01-01"), "tax_month": f"2026-{month}-01"} for n in range(20) for month in ("09", "10")
    ]
}


def income(month: str, amount: Any = 1200, item: str = "wage", **more: Any) -> dict[str, Any]:
    return {"tax_month": f"{month}-01", "tax_item": item, "amount": amount, **more}


def worker(paid: str | None = "2026-10-01", base: Any = 5000, **more: Any) -> dict[str, Any]:
    return {"insured_kind": "worker", "last_paid_month": paid, "wage_base": base, **more}


CASES: list[Case] = [
    (
        "nobody has a record: no income, no work, not a worker",
        {},
        {
            "recorded_income_month_yuan": 0, "taxable_income_12m_yuan": 0, "transfer_income_12m_yuan": 0, "is_employed": False,
            "work_is_on_record": False, "is_insured_worker": False, "lapsed_insurance_months": None, "is_migrant_worker": False,
            "months_worked_12m": 0, "is_unemployed": False, "unemployed_days": None, "unemployment_benefit_ended": False,
            "unemployment_benefit_ended_days": None, "pension_month_yuan": 0, "has_any_pension": False,
            "has_worker_pension": False, "is_paying_housing_fund": False, "is_on_public_payroll": False,
            "is_hardship_worker": False,
        },
    ),
    (
        "twelve whole months count, the month before them and the running month do not",
        {"sta_income": [income("2025-10", 7), income("2025-11", 100), income("2026-10", 200), income("2026-11", 70)]},
        {
            "taxable_income_12m_yuan": 300, "transfer_income_12m_yuan": 0, "recorded_income_month_yuan": 25,
            "is_employed": True, "work_is_on_record": True,
        },
    ),
    (
        "the sale of a house is no earnings and no work",
        {"sta_income": [income("2026-10", 500000, "transfer")]},
        {
            "transfer_income_12m_yuan": 500000, "taxable_income_12m_yuan": 0, "recorded_income_month_yuan": 0,
            "work_is_on_record": False, "is_employed": False,
        },
    ),
    (
        "rent and interest are earnings on record but no job",
        {"sta_income": [income("2026-10", 600, "rent"), income("2026-10", 600, "interest", payer_no="b")]},
        {"taxable_income_12m_yuan": 1200, "recorded_income_month_yuan": 100, "is_employed": False, "work_is_on_record": True},
    ),
    (
        "a twelfth is rounded half away from zero",
        {"sta_income": [income("2026-10", "0.06")]},
        {"recorded_income_month_yuan": "0.01"},
    ),
    (
        "a correction below zero is rounded away from zero too",
        {"sta_income": [income("2026-10", "-0.06")]},
        {"recorded_income_month_yuan": "-0.01"},
    ),
    (
        "a correction and a pension are rounded once, together",
        {
            "sta_income": [income("2026-10", "-0.06")],
            "hrss_pension": [{"pension_kind": "resident", "monthly_amount": "100.00", "last_paid_month": "2026-10-01"}],
        },
        {"recorded_income_month_yuan": "100.00"},
    ),
    (
        "just under half a fen is dropped",
        {"sta_income": [income("2026-10", "0.05")]},
        {"recorded_income_month_yuan": 0},
    ),
    (
        "a wage beside a sale is on record",
        {"sta_income": [income("2026-07"), income("2026-07", 900, "transfer")]},
        {"work_is_on_record": True, "taxable_income_12m_yuan": 1200, "transfer_income_12m_yuan": 900},
    ),
    (
        "labour and business of W3 are a job",
        {"sta_income": [income("2026-10", 1200, "labour"), income("2026-10", 12, "rent")]},
        {"is_employed": True, "work_is_on_record": True},
    ),
    (
        "a business of last winter speaks for the year's income of an insured worker",
        {"hrss_insurance": [worker()], "sta_income": [income("2025-12", 1200, "business"), income("2026-10", 12, "transfer")]},
        {"recorded_income_month_yuan": 100, "work_is_on_record": True},
    ),
    (
        "a wage in July is on record but shows no work now",
        {"sta_income": [income("2026-07")]},
        {"is_employed": False, "work_is_on_record": True, "recorded_income_month_yuan": 100},
    ),
    (
        "an insured worker paid in August counts with the wage base of a year",
        {"hrss_insurance": [worker("2026-08-01")]},
        {
            "is_insured_worker": True, "lapsed_insurance_months": 3, "is_employed": True, "work_is_on_record": True,
            "recorded_income_month_yuan": 5000, "taxable_income_12m_yuan": 0,
        },
    ),
    (
        "an insured worker last paid in July is not employed and has no wage base that counts",
        {"hrss_insurance": [worker("2026-07-01")]},
        {"lapsed_insurance_months": 4, "is_employed": False, "recorded_income_month_yuan": 0, "work_is_on_record": True},
    ),
    (
        "a worker paid in the running month has lapsed 0 months",
        {"hrss_insurance": [worker("2026-11-01")]},
        {"lapsed_insurance_months": 0, "is_employed": True},
    ),
    (
        "a worker paid in advance has lapsed 0 months",
        {"hrss_insurance": [worker("2027-03-01")]},
        {"lapsed_insurance_months": 0},
    ),
    (
        "an insured worker without a last month has not paid",
        {"hrss_insurance": [worker(None)]},
        {"is_insured_worker": True, "lapsed_insurance_months": None, "is_employed": False, "recorded_income_month_yuan": 0},
    ),
    (
        "with a wage on record the wage base adds nothing",
        {"hrss_insurance": [worker()], "sta_income": [income("2025-12", 1200)]},
        {"recorded_income_month_yuan": 100, "is_employed": True},
    ),
    (
        "with rent only the wage base is added",
        {"hrss_insurance": [worker()], "sta_income": [income("2025-12", 1200, "rent")]},
        {"recorded_income_month_yuan": 5100},
    ),
    (
        "an insured worker in work without a wage base works without a figure",
        {"hrss_insurance": [worker(base=None)]},
        {"is_employed": True, "recorded_income_month_yuan": None},
    ),
    (
        "the worker row speaks for month and wage base, not the residents' row",
        {
            "hrss_insurance": [
                worker("2026-01-01", 900), {"insured_kind": "resident", "last_paid_month": "2026-11-01", "wage_base": 1},
            ],
        },
        {"is_insured_worker": True, "lapsed_insurance_months": 10, "is_employed": False, "recorded_income_month_yuan": 0},
    ),
    (
        "who is insured as a resident is no worker",
        {"hrss_insurance": [{"insured_kind": "resident", "last_paid_month": "2026-11-01"}]},
        {"is_insured_worker": False, "lapsed_insurance_months": None, "work_is_on_record": False, "is_employed": False},
    ),
    (
        "six months of migrant work are a job without a figure",
        {"hrss_insurance": [{"insured_kind": "resident", "migrant_work": True, "months_worked_12m": 6}]},
        {"is_migrant_worker": True, "months_worked_12m": 6, "is_employed": True, "recorded_income_month_yuan": None},
    ),
    (
        "five months of migrant work are no job, and still work without a figure",
        {"hrss_insurance": [{"insured_kind": "resident", "migrant_work": True, "months_worked_12m": 5}]},
        {"is_employed": False, "work_is_on_record": True, "recorded_income_month_yuan": None},
    ),
    (
        "a migrant worker without months may or may not have a job",
        {"hrss_insurance": [{"insured_kind": "resident", "migrant_work": True}]},
        {"is_employed": None, "months_worked_12m": None, "work_is_on_record": True, "recorded_income_month_yuan": None},
    ),
    (
        "a migrant worker without months but with a wage has a job",
        {"hrss_insurance": [{"insured_kind": "resident", "migrant_work": True}], "sta_income": [income("2026-08", 1200)]},
        {"is_employed": True, "months_worked_12m": None, "recorded_income_month_yuan": 100},
    ),
    (
        "a migrant worker with rent only still works without a figure",
        {
            "hrss_insurance": [{"insured_kind": "resident", "migrant_work": True}],
            "sta_income": [income("2026-08", 1200, "rent")],
        },
        {"recorded_income_month_yuan": None, "taxable_income_12m_yuan": 1200},
    ),
    (
        "migrant work of any row counts, and the greatest months given",
        {"hrss_insurance": [
            {"insured_kind": "resident", "migrant_work": True, "months_worked_12m": 3},
            {"insured_kind": "flexible", "migrant_work": False, "months_worked_12m": 7},
        ]},
        {"is_migrant_worker": True, "months_worked_12m": 7, "is_employed": True},
    ),
    (
        "zero months worked are on record and are no work",
        {"hrss_insurance": [{"insured_kind": "resident", "months_worked_12m": 0}]},
        {"months_worked_12m": 0, "work_is_on_record": True, "is_employed": False, "recorded_income_month_yuan": 0},
    ),
    (
        "months worked without migrant work are work without a figure",
        {"hrss_insurance": [{"insured_kind": "resident", "months_worked_12m": 2}]},
        {"is_migrant_worker": False, "is_employed": False, "recorded_income_month_yuan": None},
    ),
    (
        "the newest subsidy counts, not a year to come",
        {"mara_subsidy": [{"year": 2025, "subsidy": 900}, {"year": 2026, "subsidy": 120}, {"year": 2027, "subsidy": 5000}]},
        {"recorded_income_month_yuan": 10, "work_is_on_record": False},
    ),
    (
        "an empty newest subsidy counts as 0, not as last year's",
        {"mara_subsidy": [{"year": 2025, "subsidy": 900}, {"year": 2026}]},
        {"recorded_income_month_yuan": 0},
    ),
    (
        "a pension is added as it is paid",
        {
            "hrss_pension": [{"pension_kind": "resident", "monthly_amount": "190.55", "last_paid_month": "2026-08-01"}],
            "sta_income": [income("2026-10", 1)],
        },
        {
            "pension_month_yuan": "190.55", "recorded_income_month_yuan": "190.63", "has_any_pension": True,
            "has_worker_pension": False,
        },
    ),
    (
        "a pension without a last month is still paid, one last paid in July is not",
        {"hrss_pension": [
            {"pension_kind": "worker", "monthly_amount": 3000, "last_paid_month": "2026-07-01"},
            {"pension_kind": "resident", "monthly_amount": 200},
        ]},
        {"pension_month_yuan": 200, "has_any_pension": True, "has_worker_pension": False},
    ),
    (
        "a worker's pension paid this month is a worker's pension",
        {"hrss_pension": [{"pension_kind": "worker", "monthly_amount": 3000, "last_paid_month": "2026-11-01"}]},
        {"has_worker_pension": True, "pension_month_yuan": 3000},
    ),
    (
        "two pensions are added up",
        {
            "hrss_pension": [
                {"pension_kind": "worker", "monthly_amount": 3000}, {"pension_kind": "resident", "monthly_amount": 200},
            ],
        },
        {"pension_month_yuan": 3200, "has_worker_pension": True},
    ),
    (
        "a pension that stopped leaves none",
        {"hrss_pension": [{"pension_kind": "worker", "monthly_amount": 3000, "last_paid_month": "2026-07-01"}]},
        {"pension_month_yuan": 0, "has_any_pension": False},
    ),
    (
        "the newest registration of unemployment speaks",
        {
            "hrss_unemployment": [
                {"registered_on": "2025-01-01", "status": "reemployed"},
                {"registered_on": "2026-11-10", "status": "registered"},
            ],
        },
        {"is_unemployed": True, "unemployed_days": 10, "work_is_on_record": True, "unemployment_benefit_ended": False},
    ),
    (
        "who found work again is not unemployed, and no benefit ended",
        {"hrss_unemployment": [
            {"registered_on": "2025-01-01", "status": "receiving"},
            {"registered_on": "2026-01-01", "status": "reemployed", "benefit_end": "2026-02-01"},
        ]},
        {"is_unemployed": False, "unemployed_days": None, "unemployment_benefit_ended": False, "work_is_on_record": False},
    ),
    (
        "a registration dated after D is not there yet",
        {"hrss_unemployment": [{"registered_on": "2026-11-21", "status": "registered"}]},
        {"is_unemployed": False},
    ),
    (
        "a benefit that ends on D has ended",
        {"hrss_unemployment": [{"registered_on": "2026-01-01", "status": "receiving", "benefit_end": "2026-11-20"}]},
        {"unemployment_benefit_ended": True, "unemployment_benefit_ended_days": 0, "is_unemployed": True},
    ),
    (
        "a benefit that ends tomorrow has not",
        {"hrss_unemployment": [{"registered_on": "2026-01-01", "status": "receiving", "benefit_end": "2026-11-21"}]},
        {"unemployment_benefit_ended": False, "unemployment_benefit_ended_days": None},
    ),
    (
        "one may be in the fund, on the payroll and filed at once",
        {"mohurd_fund": [{"last_paid_month": "2026-10-01"}], "mof_payroll": [{}], "acftu_worker": [{"filed_on": "2026-01-01"}]},
        {"is_paying_housing_fund": True, "is_on_public_payroll": True, "is_hardship_worker": True},
    ),
    (
        "the housing fund is paid from August to the running month",
        {"mohurd_fund": [{"last_paid_month": "2026-08-01"}]},
        {"is_paying_housing_fund": True},
    ),
    ("a fund paid this month is paid", {"mohurd_fund": [{"last_paid_month": "2026-11-01"}]}, {"is_paying_housing_fund": True}),
    (
        "a fund last paid in July is not paid",
        {"mohurd_fund": [{"last_paid_month": "2026-07-01"}]},
        {"is_paying_housing_fund": False},
    ),
    ("a fund without a last month is not paid", {"mohurd_fund": [{}]}, {"is_paying_housing_fund": False}),
    ("a payroll row without dates counts", {"mof_payroll": [{}]}, {"is_on_public_payroll": True}),
    (
        "a payroll row that ends on D has ended",
        {"mof_payroll": [{"since": "2020-01-01", "until": "2026-11-20"}]},
        {"is_on_public_payroll": False},
    ),
    ("a payroll row that ends tomorrow counts", {"mof_payroll": [{"until": "2026-11-21"}]}, {"is_on_public_payroll": True}),
    (
        "a payroll row that begins tomorrow does not",
        {"mof_payroll": [{"since": "2026-11-21"}]},
        {"is_on_public_payroll": False},
    ),
    (
        "a filed worker without an end is in hardship",
        {"acftu_worker": [{"filed_on": "2026-11-20"}]},
        {"is_hardship_worker": True},
    ),
    (
        "a file closed on D is closed",
        {"acftu_worker": [{"filed_on": "2026-01-01", "closed_on": "2026-11-20"}]},
        {"is_hardship_worker": False},
    ),
    ("a file opened tomorrow is not there yet", {"acftu_worker": [{"filed_on": "2026-11-21"}]}, {"is_hardship_worker": False}),
]  # fmt: skip

# social insurance delivered in September: its windows end there, whatever D is
LATE: list[Case] = [
    (
        "how long insurance lapsed counts to the delivery, not to D",
        {"hrss_insurance": [worker("2026-06-01")]},
        {"lapsed_insurance_months": 3, "is_employed": True, "recorded_income_month_yuan": 5000},
    ),
    (
        "a worker paid before that delivery's W3 is not employed",
        {"hrss_insurance": [worker("2026-05-01")]},
        {"is_employed": False},
    ),
]


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    return judge(CASES, background=OTHERS) | judge(LATE, background=OTHERS, delivered={"hrss_insurance": "2026-09-30"})


@pytest.mark.parametrize("case", [*CASES, *LATE], ids=sentences([*CASES, *LATE]))
def test_income_facts(case: Case, judged: dict[str, dict[str, Any]]) -> None:
    check(case, judged)


def test_what_household_earnings_are_built_on() -> None:
    me = made_up_id(500)
    rows = [
        income("2025-10", 1),
        income("2025-11", 10),
        income("2026-07", 20),
        income("2026-08", 400),
        income("2026-10", 5000, "transfer"),
        income("2026-02", 600, "transfer"),
        income("2026-11", 70000),
    ]
    background = {"sta_income": [*OTHERS["sta_income"], *({"id_no": me, **row} for row in rows)]}
    connection = build([], AS_OF, background=background)[0]
    found = connection.execute(
        "select earnings_3m_yuan, earnings_prior_9m_yuan from facts.person_earnings where person = id_key(?)", [me]
    ).fetchall()
    assert found == [(400, 30)]
