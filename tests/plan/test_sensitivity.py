"""Several values of a number at once say what each alone says."""

from dataclasses import replace
from decimal import Decimal

import pytest
from plan_home import LAST, County, hits_by_indicator, open_cases

from monitor.errors import UsageError
from monitor.plan import Sensitivity, sensitivity

NAME = "self_paid_resident_yuan"
VALUES = (30000, 300, 15000)


@pytest.fixture(scope="module")
def told(county: County) -> Sensitivity:
    return sensitivity(county.settings, NAME, VALUES)


def test_values_come_back_in_their_order_with_the_one_in_force_named(told: Sensitivity) -> None:
    assert [step.value for step in told.steps] == [300, 15000, 30000]
    assert (told.parameter, told.as_of, told.now) == (NAME, LAST, (Decimal(15000),))
    assert "EXP-004" in told.indicators


def test_each_value_says_what_it_says_alone_whatever_was_tried_before_it(county: County, told: Sensitivity) -> None:
    alone = [sensitivity(county.settings, NAME, [step.value]) for step in told.steps]
    assert [replace(one, steps=told.steps) for one in alone] == [told] * 3
    assert [one.steps[0] for one in alone] == list(told.steps)


def test_the_value_in_force_moves_nobody_and_counts_what_the_night_counted(county: County, told: Sensitivity) -> None:
    now, run = told.steps[1], county.runs / LAST.isoformat()
    visits = {subject: rest for (kind, subject), rest in open_cases(run).items() if kind == "visit"}
    hits = hits_by_indicator(run)
    assert (now.hits, now.cases, now.listed) == (told.hits, told.cases, told.listed)
    assert now.hits == sum(hits.get(code, 0) for code in told.indicators)
    assert now.cases == len(visits)
    assert now.listed == sum(listed for _, _, listed, _ in visits.values())
    assert (now.joined, now.left, now.over) == (0, 0, 0)


def test_a_lower_warning_line_hits_more(told: Sensitivity) -> None:
    assert told.steps[0].hits > told.steps[1].hits >= told.steps[2].hits
    assert told.steps[0].cases > told.steps[1].cases


@pytest.mark.parametrize(
    ("name", "values", "what"), [("dibao_month_yuen", [600], "dibao_month_yuan"), (NAME, [-1], "不小于0"), (NAME, [], "没有")]
)
def test_what_cannot_be_tried_is_refused_and_says_what_can(county: County, name: str, values: list[int], what: str) -> None:
    with pytest.raises(UsageError, match=what):
        sensitivity(county.settings, name, values)
