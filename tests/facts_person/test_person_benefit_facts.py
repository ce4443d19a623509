"""Benefits in force, how they ended, and applications; as of 2026-11-20."""

from __future__ import annotations

from typing import Any

import pytest
from person_case import Case, check, judge, sentences


def record(benefit: str, start: str = "2024-01-01", **more: Any) -> dict[str, Any]:
    return {"benefit": benefit, "start_date": start, "status": "active", **more}


def refused(decided: str | None, reason: str | None = "vehicle", **more: Any) -> dict[str, Any]:
    return {"decision": "refused", "decided_on": decided, "refusal": reason, "applied_on": "2020-01-01", **more}


IN_MAY = {"status": "ended", "end_date": "2026-05-20"}
FLAGS = {
    "dibao_urban": "on_dibao", "dibao_rural": "on_dibao", "tekun_dispersed": "on_tekun", "tekun_institution": "on_tekun",
    "edge": "on_edge", "rigid": "on_rigid", "orphan": "on_child_aid", "unattended_child": "on_child_aid",
    "disability_living": "on_disability_living", "disability_care": "on_disability_care", "elder_age": "on_elder_age",
}  # fmt: skip
LISTED = dict.fromkeys(tuple(FLAGS)[:8], ("on_low_income_list",))


def none_but(*true: str) -> dict[str, bool]:
    flags = (
        "on_dibao", "on_tekun", "on_edge", "on_rigid", "on_child_aid", "on_low_income_list", "on_disability_living",
        "on_disability_care", "on_elder_age",
    )  # fmt: skip
    return {name: name in true for name in flags}


BENEFITS: list[Case] = [
    (
        "without any record there is no benefit, no end and no payment",
        {},
        none_but() | {
            "current_benefit_count": 0, "same_benefit_county_count": 0, "left_aid_months": None, "was_refused": False,
            "refused_months": None, "refused_for": None, "application_open_days": 0, "temporary_aid_12m_count": 0,
            "dibao_review_months": None, "rigid_months": None, "child_aid_monthly_yuan": None, "tekun_monthly_yuan": None,
            "paid_after_death_count": 0, "paid_after_death_yuan": 0, "paid_in_custody_count": 0,
            "elder_age_paid_after_death_count": 0, "disability_paid_after_death_count": 0, "failed_payment_months": 0,
            "payee_name_differs": False, "disability_paid_on_expired_count": 0,
        },
    ),
    (
        "one may have everything at once",
        {"mca_assistance": [record(benefit) for benefit in FLAGS]},
        none_but(*FLAGS.values(), "on_low_income_list") | {"current_benefit_count": 11},
    ),
    *(
        (
            f"a current {benefit} shows as {flag}",
            {"mca_assistance": [record(benefit)]},
            none_but(flag, *LISTED.get(benefit, ())),
        )
        for benefit, flag in FLAGS.items()
    ),
    *(
        (
            f"{benefit} that ended in May was left 6 months ago",
            {"mca_assistance": [record(benefit, **IN_MAY)]},
            {"left_aid_months": 6},
        )
        for benefit in ("dibao_urban", "dibao_rural", "tekun_dispersed", "tekun_institution", "edge", "rigid")
    ),
    (
        "rigid is on the list, since 12 months",
        {"mca_assistance": [record("rigid", "2025-11-20")]},
        none_but("on_rigid", "on_low_income_list") | {"rigid_months": 12},
    ),
    (
        "an orphan has the amount of the record",
        {"mca_assistance": [record("orphan", monthly_amount="1380.50")]},
        none_but("on_child_aid", "on_low_income_list") | {"child_aid_monthly_yuan": "1380.50"},
    ),
    (
        "of two child records the newest speaks, even when its amount is not given",
        {"mca_assistance": [record("orphan", monthly_amount=1380), record("unattended_child", "2025-01-01")]},
        {"on_child_aid": True, "child_aid_monthly_yuan": None, "current_benefit_count": 2},
    ),
    (
        "of two tekun records of one day the last row speaks",
        {"mca_assistance": [
            record("tekun_dispersed", monthly_amount=900),
            record("tekun_institution", monthly_amount=1100),
        ]},
        {"tekun_monthly_yuan": 1100},
    ),
    (
        "allowances are no low-income list",
        {"mca_assistance": [record("disability_living"), record("disability_care"), record("elder_age"), record("elder_care")]},
        none_but("on_disability_living", "on_disability_care", "on_elder_age") | {"current_benefit_count": 4},
    ),
    (
        "an amount of another benefit, or of a record that ended, is not that of the child or of tekun",
        {"mca_assistance": [
            record("orphan", "2025-06-01", monthly_amount=7, **IN_MAY), record("orphan", monthly_amount=1380),
            record("tekun_dispersed", "2025-06-01", monthly_amount=8, **IN_MAY), record("tekun_dispersed", monthly_amount=900),
            record("elder_age", "2026-01-01", monthly_amount=9),
        ]},
        {"child_aid_monthly_yuan": 1380, "tekun_monthly_yuan": 900},
    ),
    (
        "of two rigid records the newest counts",
        {"mca_assistance": [record("rigid", "2026-09-20"), record("rigid", "2020-01-01")]},
        {"rigid_months": 2},
    ),
    (
        "rigid that ends on D has just been left",
        {"mca_assistance": [record("rigid", end_date="2026-11-20")]},
        {"rigid_months": None, "left_aid_months": 0},
    ),
    (
        "aid suspended until next year was not left",
        {"mca_assistance": [record("edge", status="suspended", end_date="2027-01-01")]},
        {"left_aid_months": None},
    ),
    ("refused on D is refused", {"mca_application": [refused("2026-11-20")]}, {"was_refused": True, "refused_months": 0}),
    ("a suspended record is not current", {"mca_assistance": [record("dibao_rural", status="suspended")]}, none_but()),
    ("a record that ends on D is over", {"mca_assistance": [record("edge", end_date="2026-11-20")]}, none_but()),
    ("a record that ends tomorrow is current", {"mca_assistance": [record("edge", end_date="2026-11-21")]}, {"on_edge": True}),
    ("a record that starts tomorrow is not there yet", {"mca_assistance": [record("edge", "2026-11-21")]}, {"on_edge": False}),
    (
        "temporary aid is counted apart, within 12 months",
        {"mca_assistance": [
            record("temporary", "2025-11-20"), record("temporary", "2025-11-21"),
            record("temporary", "2026-03-01", status="ended"),
        ]},
        {"current_benefit_count": 0, "temporary_aid_12m_count": 2},
    ),
    (
        "one benefit in two counties is doubled, two benefits in two counties are not",
        {"mca_assistance": [
            record("elder_age"), record("elder_age", village_code="530103001001"),
            record("elder_age", village_code="530103002001"),
            record("edge", village_code="530111001001"),
        ]},
        {"same_benefit_county_count": 2, "current_benefit_count": 4},
    ),
    (
        "two benefits in two counties are one county each",
        {"mca_assistance": [record("elder_age"), record("edge", village_code="530103001001")]},
        {"same_benefit_county_count": 1},
    ),
    (
        "aid was left at the newest end, completed months only",
        {"mca_assistance": [
            record("edge", end_date="2025-01-01", status="ended"), record("dibao_rural", end_date="2026-05-21", status="ended"),
        ]},
        {"left_aid_months": 5},
    ),
    (
        "an active record whose end has come was left too",
        {"mca_assistance": [record("rigid", end_date="2026-10-20")]},
        {"left_aid_months": 1, "rigid_months": None},
    ),
    (
        "who still has other aid has not left",
        {"mca_assistance": [record("edge", end_date="2026-05-20", status="ended"), record("tekun_dispersed")]},
        {"left_aid_months": None},
    ),
    (
        "an allowance that goes on does not hide that dibao was left, and its own end is none",
        {"mca_assistance": [
            record("dibao_rural", end_date="2026-05-20", status="ended"), record("elder_age"),
            record("disability_care", end_date="2026-11-01", status="ended"),
        ]},
        {"left_aid_months": 6},
    ),
    (
        "an ended record without a date has no months",
        {"mca_assistance": [record("dibao_rural", status="ended")]},
        {"left_aid_months": None, "on_dibao": False},
    ),
    (
        "dibao was reviewed 12 months ago",
        {"mca_assistance": [record("dibao_rural", reviewed_on="2025-11-20")]},
        {"dibao_review_months": 12},
    ),
    (
        "dibao never reviewed counts from its start",
        {"mca_assistance": [record("dibao_rural", "2025-11-21")]},
        {"dibao_review_months": 11},
    ),
    (
        "of two current dibao records the newer speaks",
        {"mca_assistance": [
            record("dibao_urban", "2026-01-20"), record("dibao_rural", "2020-01-01", reviewed_on="2026-11-01"),
        ]},
        {"dibao_review_months": 10},
    ),
    (
        "an ended dibao has no review",
        {"mca_assistance": [record("dibao_urban", end_date="2026-01-01", reviewed_on="2025-01-01")]},
        {"dibao_review_months": None},
    ),
    (
        "the newest refused application speaks",
        {"mca_application": [refused("2026-10-20", "income"), refused("2026-05-21"), refused("2026-11-21", "dwelling")]},
        {"was_refused": True, "refused_months": 1, "refused_for": "income"},
    ),
    (
        "of two refusals of one day the last row speaks, even without a reason",
        {"mca_application": [refused("2026-05-21", "income"), refused("2026-05-21", None)]},
        {"was_refused": True, "refused_months": 5, "refused_for": None},
    ),
    (
        "a refusal without a date, or decided tomorrow, is not known to stand",
        {"mca_application": [refused(None), refused("2026-11-21")]},
        {"was_refused": False, "refused_months": None, "refused_for": None},
    ),
    (
        "the oldest pending application is open for 19 days",
        {"mca_application": [
            {"decision": "pending", "applied_on": "2026-11-01"}, {"decision": "pending", "applied_on": "2026-11-10"},
            {"decision": "approved", "applied_on": "2026-01-01", "decided_on": "2026-02-01"},
        ]},
        {"application_open_days": 19, "was_refused": False},
    ),
]  # fmt: skip

# assistance and applications delivered on 15 November
LATE: list[Case] = [
    (
        "waiting and reviews count to the delivery, not to D",
        {
            "mca_application": [{"decision": "pending", "applied_on": "2026-11-10"}],
            "mca_assistance": [record("dibao_rural", reviewed_on="2025-11-16"), record("rigid", "2025-11-16")],
        },
        {"application_open_days": 5, "dibao_review_months": 11, "rigid_months": 12},
    ),
    (
        "what is dated after the delivery counts 0",
        {
            "mca_application": [{"decision": "pending", "applied_on": "2026-11-18"}],
            "mca_assistance": [record("dibao_rural", reviewed_on="2026-12-31")],
        },
        {"application_open_days": 0, "dibao_review_months": 0},
    ),
]
# the last day of February
SHORT_MONTH: list[Case] = [
    (
        "the last day of a short month completes a month begun on the 31st",
        {"mca_assistance": [record("rigid", "2026-01-31"), record("edge", "2025-08-29")]},
        {"rigid_months": 1},
    ),
    (
        "aid within 12 months begins after the same day of last year",
        {"mca_assistance": [record("temporary", "2025-02-28"), record("temporary", "2025-03-01")]},
        {"temporary_aid_12m_count": 1},
    ),
]
ALL = [*BENEFITS, *LATE, *SHORT_MONTH]


@pytest.fixture(scope="module")
def judged() -> dict[str, dict[str, Any]]:
    late = {"mca_assistance": "2026-11-15", "mca_application": "2026-11-15"}
    return judge(BENEFITS) | judge(LATE, delivered=late) | judge(SHORT_MONTH, "2026-02-28")


@pytest.mark.parametrize("case", ALL, ids=sentences(ALL))
def test_benefit_facts(case: Case, judged: dict[str, dict[str, Any]]) -> None:
    check(case, judged)
