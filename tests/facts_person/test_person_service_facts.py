"""Care lists, clients of services, their orders, and the traces that people leave; as of 2026-11-20."""

from __future__ import annotations

from typing import Any

import pytest
from given import made_up_id
from person_case import Case, check, judge, sentences

# the data of the tax office reach to the end of October: W12 = 2025-11 ... 2026-10
OTHERS = {
    "sta_income": [
        {"id_no": made_up_id(n, "1970-01-01"), "tax_month": f"2026-{month}-01"} for n in range(10) for month in ("09", "10")
    ]
}


def order(served: str | None = None, **more: Any) -> dict[str, Any]:
    return {"ordered_on": "2026-01-01", "dispatched_on": "2026-01-02", "served_on": served, **more}


def visit(day: str | None, kind: str = "alone") -> dict[str, Any]:
    return {"care_kind": kind, "last_visit_on": day}


CARE: list[Case] = [
    (
        "nobody cares for somebody without a record",
        {},
        {
            "is_left_behind_child": False, "is_homeless": False, "care_visit_days": None, "care_visit_overdue": False,
            "is_service_client": False, "service_days_last_month": 0, "service_hours_last_month": 0,
            "planned_service_days": None,
            "planned_service_hours": None, "was_client_all_last_month": False, "undispatched_order_days": 0,
            "unserved_order_days": 0, "unsigned_service_90d_count": 0, "no_follow_up_order_days": 0,
            "dissatisfied_90d_count": 0,
            "served_after_death_count": 0, "traces_12m_count": 0,
        },
    ),
    (
        "a left-behind child visited 90 days ago is not overdue",
        {"mca_care": [visit("2026-08-22", "left_behind_child"), visit(None)]},
        {"is_left_behind_child": True, "is_homeless": False, "care_visit_days": 90, "care_visit_overdue": False},
    ),
    (
        "the newest visit of all lists counts",
        {"mca_care": [visit("2026-08-21", "homeless"), visit("2026-08-01"), visit(None, "empty_nest")]},
        {"is_homeless": True, "care_visit_days": 91, "care_visit_overdue": True},
    ),
    (
        "who was never visited is overdue",
        {"mca_care": [visit(None)]},
        {"care_visit_days": None, "care_visit_overdue": True, "is_left_behind_child": False},
    ),
    ("a visit to come counts 0 days", {"mca_care": [visit("2026-12-01")]}, {"care_visit_days": 0, "care_visit_overdue": False}),
    (
        "a client since the first of last month was one all last month",
        {"mca_service_client": [{"started_on": "2026-10-01"}]},
        {"is_service_client": True, "was_client_all_last_month": True, "planned_service_days": 25, "planned_service_hours": 60},
    ),
    (
        "a client since the second was not",
        {"mca_service_client": [{"started_on": "2026-10-02", "planned_days": 10, "planned_hours": "12.5"}]},
        {"was_client_all_last_month": False, "planned_service_days": 10, "planned_service_hours": "12.5"},
    ),
    (
        "a client until D is one no more",
        {"mca_service_client": [{"started_on": "2020-01-01", "ended_on": "2026-11-20"}]},
        {"is_service_client": False, "was_client_all_last_month": False},
    ),
    ("a client until tomorrow still is", {"mca_service_client": [{"ended_on": "2026-11-21"}]}, {"is_service_client": True}),
    ("a client from tomorrow is not yet", {"mca_service_client": [{"started_on": "2026-11-21"}]}, {"is_service_client": False}),
]  # fmt: skip

ORDERS: list[Case] = [
    (
        "days and hours of October",
        {"mca_service_order": [
            order("2026-09-30", hours=8), order("2026-10-01", hours="1.5"), order("2026-10-01", hours=2), order("2026-10-31"),
            order("2026-11-01", hours=8),
        ]},
        {"service_days_last_month": 2, "service_hours_last_month": "3.5"},
    ),
    (
        "the oldest order not dispatched waits since it was ordered",
        {"mca_service_order": [
            {"ordered_on": "2026-11-10"}, {"ordered_on": "2026-11-01"}, {"ordered_on": "2026-10-01", "served_on": "2026-10-02"},
            {"ordered_on": "2026-09-01", "dispatched_on": "2026-11-15"},
            {"ordered_on": "2026-09-01", "dispatched_on": "2026-11-16"},
        ]},
        {"undispatched_order_days": 19, "unserved_order_days": 5},
    ),
    (
        "hours that nobody gave are 0",
        {"mca_service_order": [order("2026-10-31")]},
        {"service_days_last_month": 1, "service_hours_last_month": 0},
    ),
    (
        "an order of tomorrow is not there yet",
        {"mca_service_order": [{"ordered_on": "2026-11-21"}]},
        {"undispatched_order_days": 0},
    ),
    (
        "services of 90 days without a signature",
        {"mca_service_order": [
            order("2026-08-22"), order("2026-08-23"), order("2026-11-20", signed=False), order("2026-11-20", signed=True),
            order("2026-11-21"), order(),
        ]},
        {"unsigned_service_90d_count": 2},
    ),
    (
        "the oldest service of 180 days that nobody asked about",
        {"mca_service_order": [
            order("2026-05-24"), order("2026-05-25"), order("2026-06-01"), order("2026-05-26", followed_up_on="2026-06-01"),
        ]},
        {"no_follow_up_order_days": 179},
    ),
    (
        "answers of 90 days that were 1 or 2",
        {"mca_service_order": [
            order(followed_up_on="2026-08-22", satisfaction=1), order(followed_up_on="2026-08-23", satisfaction=1),
            order(followed_up_on="2026-11-20", satisfaction=2), order(followed_up_on="2026-11-20", satisfaction=3),
            order(followed_up_on="2026-11-20"), order(followed_up_on="2026-11-21", satisfaction=1), order(satisfaction=1),
        ]},
        {"dissatisfied_90d_count": 2},
    ),
    (
        "services after the day of death",
        {
            "nhc_death": [{"died_on": "2026-06-01"}],
            "mca_service_order": [order("2026-06-01"), order("2026-06-02"), order("2026-07-01"), order()],
        },
        {"served_after_death_count": 2},
    ),
    (
        "after a death without a date nobody knows",
        {"psb_resident": [{"status": "dead"}], "mca_service_order": [order("2026-06-01")]},
        {"served_after_death_count": None},
    ),
    (
        "an order never served cannot have come after a death",
        {"psb_resident": [{"status": "dead"}], "mca_service_order": [order()]},
        {"served_after_death_count": 0},
    ),
    (
        "services of the living are not after death",
        {"mca_service_order": [order("2026-06-01")]},
        {"served_after_death_count": 0},
    ),
]  # fmt: skip

TRACES: list[Case] = [
    (
        "six kinds of traces",
        {
            "nhsa_settlement": [{"settled_on": "2025-11-21"}, {"settled_on": "2026-01-01"}],
            "sta_income": [{"tax_month": "2025-11-01", "tax_item": "transfer"}],
            "hrss_insurance": [{"insured_kind": "resident", "last_paid_month": "2025-11-01"}, {"insured_kind": "worker"}],
            "hrss_pension": [{"pension_kind": "resident"}],
            "moe_student": [{"school_year": 2026, "status": "enrolled"}],
            "mca_care": [visit("2025-11-21")],
            "mca_service_order": [order("2026-11-20")],
        },
        {"traces_12m_count": 6},
    ),
    (
        "older records leave none",
        {
            "nhsa_settlement": [{"settled_on": "2025-11-20"}],
            "sta_income": [{"tax_month": "2025-10-01"}],
            "hrss_insurance": [{"insured_kind": "resident", "last_paid_month": "2025-10-01"}],
            "hrss_pension": [{"pension_kind": "resident", "last_paid_month": "2026-07-01"}],
            "moe_student": [{"school_year": 2026, "status": "dropout"}],
            "mca_care": [visit("2025-11-20")],
            "mca_service_order": [order("2025-11-20"), order("2026-11-21")],
        },
        {"traces_12m_count": 0},
    ),
    ("a visit alone is a trace", {"mca_care": [visit("2025-11-21")]}, {"traces_12m_count": 1}),
    ("a visit of today is a trace", {"mca_care": [visit("2026-11-20")]}, {"traces_12m_count": 1}),
    ("a service of today is a trace", {"mca_service_order": [order("2026-11-20")]}, {"traces_12m_count": 1}),
    (
        "two insurances are one kind of trace",
        {"hrss_insurance": [{"insured_kind": kind, "last_paid_month": "2026-10-01"} for kind in ("resident", "flexible")]},
        {"traces_12m_count": 1},
    ),
    ("a service alone is a trace", {"mca_service_order": [order("2025-11-21")]}, {"traces_12m_count": 1}),
    ("insurance paid in advance is a trace", {"hrss_insurance": [{"last_paid_month": "2026-12-01"}]}, {"traces_12m_count": 1}),
]  # fmt: skip

# care lists and orders delivered on 1 and 5 November
LATE: list[Case] = [
    (
        "what waits counts to the delivery, not to D",
        {
            "mca_care": [visit("2026-08-03")],
            "mca_service_order": [
                {"ordered_on": "2026-11-01"}, {"ordered_on": "2026-11-01", "dispatched_on": "2026-11-02"}, order("2026-11-03"),
            ],
        },
        {
            "care_visit_days": 90, "care_visit_overdue": False, "undispatched_order_days": 4, "unserved_order_days": 3,
            "no_follow_up_order_days": 2, "service_days_last_month": 0, "service_hours_last_month": 0,
        },
    ),
    (
        "what is dated after the delivery counts 0",
        {
            "mca_care": [visit("2026-11-02")],
            "mca_service_order": [
                {"ordered_on": "2026-11-06"}, {"ordered_on": "2026-11-06", "dispatched_on": "2026-11-07"}, order("2026-11-08"),
            ],
        },
        {"care_visit_days": 0, "undispatched_order_days": 0, "unserved_order_days": 0, "no_follow_up_order_days": 0},
    ),
]  # fmt: skip
# orders delivered on the first day of November
MONTH_WHOLE: list[Case] = [
    (
        "orders delivered on the first of the month reach the end of the month before",
        {"mca_service_order": [order("2026-10-01", hours=5)]},
        {"service_days_last_month": 1, "service_hours_last_month": 5},
    ),
]
# orders delivered on the last day of October
MONTH_NOT_WHOLE: list[Case] = [
    (
        "a month that the orders do not reach the end of is not known, whoever was served in it",
        {"mca_service_order": [order("2026-10-01", hours=5)]},
        {"service_days_last_month": None, "service_hours_last_month": None, "unsigned_service_90d_count": 1},
    ),
    (
        "nor is it for somebody without an order",
        {},
        {"service_days_last_month": None, "service_hours_last_month": None, "unsigned_service_90d_count": 0},
    ),
]
ALL = [*CARE, *ORDERS, *TRACES, *LATE, *MONTH_WHOLE, *MONTH_NOT_WHOLE]


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    return (
        judge([*CARE, *ORDERS, *TRACES], background=OTHERS)
        | judge(LATE, delivered={"mca_care": "2026-11-01", "mca_service_order": "2026-11-05"})
        | judge(MONTH_WHOLE, delivered={"mca_service_order": "2026-11-01"})
        | judge(MONTH_NOT_WHOLE, delivered={"mca_service_order": "2026-10-31"})
    )


@pytest.mark.parametrize("case", ALL, ids=sentences(ALL))
def test_service_facts(case: Case, judged: dict[str, dict[str, Any]]) -> None:
    check(case, judged)
