"""Payments that failed, or went to somebody who was dead, jailed or no longer entitled; as of 2026-11-20."""

from __future__ import annotations

from typing import Any

import pytest
from person_case import Case, check, judge, sentences


def pay(month: str, status: str = "ok", benefit: str = "dibao_rural", amount: Any = 100, **more: Any) -> dict[str, Any]:
    return {"pay_month": f"{month}-01", "pay_status": status, "benefit": benefit, "amount": amount, **more}


ALL: list[Case] = [
    (
        "payments after the month of death count, those of that month do not",
        {
            "nhc_death": [{"died_on": "2026-03-31"}],
            "mca_payment": [
                pay("2026-03"), pay("2026-04", amount="55.50"), pay("2026-05", benefit="elder_age"), pay("2026-06", "failed"),
                pay("2026-07", benefit="disability_care", amount=80), pay("2026-08", benefit="disability_living", amount=70),
            ],
        },
        {
            "paid_after_death_count": 4, "paid_after_death_yuan": "305.50", "elder_age_paid_after_death_count": 1,
            "disability_paid_after_death_count": 2, "paid_in_custody_count": 0, "disability_paid_on_expired_count": 0,
        },
    ),
    (
        "after a death without a date nobody knows, except of benefits never paid",
        {"psb_resident": [{"status": "dead"}], "mca_payment": [pay("2026-04", benefit="elder_age"), pay("2026-04")]},
        {
            "paid_after_death_count": None, "paid_after_death_yuan": None, "elder_age_paid_after_death_count": None,
            "disability_paid_after_death_count": 0,
        },
    ),
    (
        "a disability allowance beside dibao leaves both open",
        {"psb_resident": [{"status": "dead"}], "mca_payment": [pay("2026-04"), pay("2026-04", benefit="disability_care")]},
        {"paid_after_death_count": None, "disability_paid_after_death_count": None, "elder_age_paid_after_death_count": 0},
    ),
    (
        "what was paid before the death is not wrong",
        {"nhc_death": [{"died_on": "2026-03-31"}], "mca_payment": [pay("2026-02")]},
        {"paid_after_death_count": 0, "paid_after_death_yuan": 0},
    ),
    (
        "failed payments after a death without a date are none",
        {"psb_resident": [{"status": "dead"}], "mca_payment": [pay("2026-04", "returned")]},
        {"paid_after_death_count": 0, "paid_after_death_yuan": 0},
    ),
    (
        "payments to somebody alive are not after death",
        {"mca_payment": [pay("2026-04")]},
        {"paid_after_death_count": 0, "paid_in_custody_count": 0},
    ),
    (
        "payments after the month in which custody began count",
        {
            "moj_custody": [{"custody_kind": "prison", "started_on": "2026-06-30"}],
            "mca_payment": [pay("2026-06"), pay("2026-07"), pay("2026-08"), pay("2026-09", "failed")],
        },
        {"paid_in_custody_count": 2, "paid_after_death_count": 0},
    ),
    (
        "custody that is over makes no payment wrong",
        {
            "moj_custody": [{"custody_kind": "prison", "started_on": "2026-01-01", "released_on": "2026-11-20"}],
            "mca_payment": [pay("2026-07")],
        },
        {"paid_in_custody_count": 0},
    ),
    (
        "disability payments after the month of expiry count",
        {
            "dpf_disability": [{"disability_kind": 1, "disability_grade": 1, "expires_on": "2026-06-15"}],
            "mca_payment": [
                pay("2026-06", benefit="disability_care"), pay("2026-07", benefit="disability_care"),
                pay("2026-07", benefit="disability_living"), pay("2026-07", benefit="elder_age"),
                pay("2026-08", "failed", "disability_care"),
            ],
        },
        {"disability_paid_on_expired_count": 2},
    ),
    (
        "a certificate that ends on D has not expired",
        {
            "dpf_disability": [{"disability_kind": 1, "disability_grade": 1, "expires_on": "2026-11-20"}],
            "mca_payment": [pay("2026-11", benefit="disability_care")],
        },
        {"disability_paid_on_expired_count": 0},
    ),
    (
        "both of the two newest months failed",
        {"mca_payment": [pay("2026-09"), pay("2026-10", "failed"), pay("2026-11", "returned")]},
        {"failed_payment_months": 2},
    ),
    (
        "a failed month before the two newest does not count",
        {"mca_payment": [pay("2026-09", "failed"), pay("2026-10"), pay("2026-11")]},
        {"failed_payment_months": 0},
    ),
    (
        "a failed payment made good in the same month is none, another benefit does not make it good",
        {"mca_payment": [
            pay("2026-10", "failed"), pay("2026-10", "ok"),
            pay("2026-11", "failed"), pay("2026-11", "ok", "elder_age"),
        ]},
        {"failed_payment_months": 1},
    ),
    (
        "a month that failed before W3 is too old",
        {"mca_payment": [pay("2026-07", "failed"), pay("2026-08", "failed")]},
        {"failed_payment_months": 1},
    ),
    ("only old payments are no failure now", {"mca_payment": [pay("2026-01", "failed")]}, {"failed_payment_months": 0}),
    (
        "all dots and wide blanks are dropped on both sides",
        {"psb_resident": [{"name": "阿依·某·人"}], "mca_payment": [pay("2026-10", account_name="阿依某\u3000人")]},
        {"payee_name_differs": False},
    ),
    (
        "so are the blanks of other alphabets",
        {"psb_resident": [{"name": "某人"}], "mca_payment": [pay("2026-10", account_name="某\u2003\u200b人")]},
        {"payee_name_differs": False},
    ),
    (
        "a payment of a month to come is not there yet",
        {"mca_payment": [pay("2026-12", "failed")]},
        {"failed_payment_months": 0},
    ),
    (
        "dots and blanks in a name make no difference",
        {"psb_resident": [{"name": "阿依·某人"}], "mca_payment": [pay("2026-10", account_name="阿依 • 某 人")]},
        {"payee_name_differs": False},
    ),
    (
        "the newest payment's other name differs",
        {"mca_payment": [pay("2026-10", account_name="某人"), pay("2026-11", account_name="别人")]},
        {"payee_name_differs": True},
    ),
    (
        "a newest payment without a name says nothing, whatever an older one says",
        {"mca_payment": [pay("2026-10", account_name="别人"), pay("2026-11")]},
        {"payee_name_differs": False},
    ),
    (
        "of payments of one month the last row speaks",
        {"mca_payment": [pay("2026-10", account_name="别人"), pay("2026-10", account_name="某人")]},
        {"payee_name_differs": False},
    ),
]  # fmt: skip


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    return judge(ALL)


@pytest.mark.parametrize("case", ALL, ids=sentences(ALL))
def test_payment_facts(case: Case, judged: dict[str, dict[str, Any]]) -> None:
    check(case, judged)
