"""The value that clears does clear, one unit less does not, and nothing nearer does: for every hit among the examples."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from monitor.explain.clearing import DECIMALS, Clearing, nearest_clearing
from monitor.indicators import Indicator, load_catalogue, run_examples
from monitor.indicators.examples import example_parameters
from monitor.indicators.indicator import Example
from monitor.settings import Settings
from monitor.store import connect
from monitor.vocabulary import Outcome

CATALOGUE = load_catalogue().indicators
CLEARED = {Outcome.CLEAR, Outcome.EXEMPT}
NEAR = 40  # units on each side that are tried one by one


def hits(indicator: Indicator) -> Iterator[tuple[Example, Clearing]]:
    with connect(None, Settings(threads=1)) as connection:
        for example in indicator.examples:
            if example.expect == Outcome.HIT:
                known = {name: example.given.get(name) for name in indicator.rule.facts}
                numbers = {n: Decimal(example.param.get(n, example_parameters()[n])) for n in indicator.rule.parameters}
                yield example, nearest_clearing(connection, indicator, known, numbers)


def asked(indicator: Indicator, example: Example, given: list[dict[str, Any]]) -> list[Outcome]:
    """What the examples' own way of asking says of other facts."""
    if not given:
        return []
    others = [example.model_copy(update={"given": {**example.given, **one}}) for one in given]
    return [told.outcome for told in run_examples(indicator.model_copy(update={"examples": tuple(others)}))]


@pytest.mark.parametrize("code", CATALOGUE)
def test_each_value_clears_and_one_unit_nearer_does_not(code: str) -> None:
    indicator = CATALOGUE[code]
    for example, found in hits(indicator):
        assert found.is_hit
        values = asked(indicator, example, [{one.fact.name: one.value} for one in found.values])
        nearer = asked(indicator, example, [{one.fact.name: one.last_hit} for one in found.values])
        assert values == [one.outcome for one in found.values]
        assert not CLEARED.intersection(nearer)
        units = [Decimal(1).scaleb(-DECIMALS[one.fact.type]) for one in found.values]
        assert [abs(one.value - one.last_hit) for one in found.values] == units
        flags = asked(indicator, example, [{one.fact.name: one.value} for one in found.flags])
        assert flags == [one.outcome for one in found.flags]


@pytest.mark.parametrize("code", [code for code, rule in CATALOGUE.items() if rule.rule.facts])
def test_no_whole_number_nearer_than_the_one_told_clears(code: str) -> None:
    indicator = CATALOGUE[code]
    for example, found in hits(indicator):
        for name in indicator.rule.facts:
            now = example.given.get(name)
            if indicator.declared_facts[name].type != "int" or now is None:
                continue
            told = {(one.value > now): int(abs(one.value - now)) for one in found.values if one.fact.name == name}
            for side in (-1, 1):
                reach = min(NEAR, told.get(side == 1, NEAR + 1) - 1)
                most = 2 if name.startswith("parents_") else 10**6
                around = [value for n in range(1, reach + 1) if 0 < (value := now + side * n) <= most]
                outcomes = asked(indicator, example, [{name: value} for value in around])
                assert not CLEARED.intersection(outcomes), (name, now, side)


def test_what_only_flags_can_clear_names_them() -> None:
    found = [clearing for rule in CATALOGUE.values() for _, clearing in hits(rule)]
    without_number = [one for one in found if not one.values]
    assert without_number
    assert all(one.flags for one in without_number)


def test_facts_that_are_no_hit_under_the_rule_as_it_stands_are_not_explained_away() -> None:
    indicator = CATALOGUE["INC-001"]
    with connect(None, Settings(threads=1)) as connection:
        known = dict.fromkeys(indicator.rule.facts)
        told = nearest_clearing(connection, indicator, known, {"dibao_month_yuan": Decimal(744)})
    assert told == Clearing(is_hit=False)
