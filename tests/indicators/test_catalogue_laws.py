"""What holds of the catalogue as a whole."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from monitor.contracts import facts
from monitor.indicators import Catalogue, Indicator, check_file, load_catalogue
from monitor.indicators.load import CATALOGUE
from monitor.indicators.pages import LIST_HEADER, list_rows, page
from monitor.indicators.syntax import Comparison, FactRef, Number, ParamRef, walk
from monitor.vocabulary import DOMAINS, Direction, Level, Outcome

CODES = sorted(path.stem[:7] for path in CATALOGUE.rglob("*.toml"))


def test_every_domain_has_five_indicators_or_more(shipped: Catalogue) -> None:
    counts = Counter(indicator.domain for indicator in shipped.indicators.values())
    assert set(counts) == set(DOMAINS)
    assert min(counts.values()) >= 5


def test_all_units_directions_and_levels_occur(shipped: Catalogue) -> None:
    indicators = shipped.indicators.values()
    assert {i.unit for i in indicators} == {"person", "household"}
    assert {i.direction for i in indicators} == set(Direction)
    assert {i.level for i in indicators} == set(Level)


def test_the_catalogue_has_the_same_hash_each_time(shipped: Catalogue) -> None:
    assert load_catalogue().sha256 == shipped.sha256


@pytest.mark.parametrize("code", CODES)
def test_each_threshold_has_an_example_exactly_on_it(shipped: Catalogue, code: str) -> None:
    """A fact compared with a whole number meets it or its neighbour in some example; with a parameter, exactly."""
    indicator = shipped.indicators[code]
    for node in walk(indicator.rule.when):
        match node:
            case Comparison(left=FactRef(name=name), right=Number(value=value)):
                given = {example.given.get(name) for example in indicator.examples}
                assert given & {value - 1, value, value + 1, value + Decimal("0.01")}, f"{name} and {value}"
            case Comparison(left=FactRef(name=name), right=ParamRef(name=number)):
                on_it = [e for e in indicator.examples if number in e.param and e.given.get(name) == e.param[number]]
                assert on_it, f"{name} and param.{number}"


@pytest.mark.parametrize("code", CODES)
def test_each_indicator_has_a_page(shipped: Catalogue, code: str) -> None:
    assert page(shipped.indicators[code]) is not None


def test_the_list_names_every_indicator(shipped: Catalogue) -> None:
    rows = list_rows(shipped)
    assert [row[0] for row in rows] == CODES
    assert {len(row) for row in rows} == {len(LIST_HEADER)}


@pytest.mark.parametrize("path", sorted(CATALOGUE.rglob("*.toml")), ids=lambda path: path.stem)
def test_checking_a_file_finds_nothing(path: Path) -> None:
    assert check_file(path) == []


def test_visits_ask_members_and_reviews_ask_everybody(shipped: Catalogue) -> None:
    asked = {code: indicator.asked for code, indicator in shipped.indicators.items() if indicator.unit == "person"}
    assert asked["EXP-004"] == "members"
    assert asked["IDH-001"] == asked["BEN-008"] == "everybody"
    assert asked["EHD-017"] == "living"


def test_within_a_family_levels_or_rules_differ(shipped: Catalogue) -> None:
    families: dict[str, list[Indicator]] = {}
    for indicator in shipped.indicators.values():
        families.setdefault(indicator.family or indicator.code, []).append(indicator)
    assert all(len({(i.when, i.unless) for i in same}) == len(same) for same in families.values())


def test_no_rule_speaks_of_an_absent_fact(shipped: Catalogue) -> None:
    for indicator in shipped.indicators.values():
        assert set(indicator.rule.facts) <= set(facts(indicator.unit))


def test_every_indicator_shows_a_hit_a_clear_and_an_unknown(shipped: Catalogue) -> None:
    for indicator in shipped.indicators.values():
        shown = {example.expect for example in indicator.examples}
        assert shown >= {Outcome.HIT, Outcome.CLEAR, Outcome.UNKNOWN}


@pytest.mark.parametrize("code", CODES)
def test_the_reason_names_a_number_and_the_threshold(shipped: Catalogue, code: str) -> None:
    """Whoever reads a list must see what was found and what it was held against."""
    indicator = shipped.indicators[code]
    thresholds = {node.name for node in walk(indicator.rule.when) if isinstance(node, ParamRef)}
    numbers = {
        node.left.name
        for node in walk(indicator.rule.when)
        if isinstance(node, Comparison) and isinstance(node.left, FactRef) and isinstance(node.right, ParamRef)
    }
    assert not thresholds or any(f"{{param.{name}" in indicator.say for name in thresholds)
    assert not numbers or numbers & set(indicator.said_facts)


# they say how long something has been missing, and each month of it is a month more of trouble
WORSE_BY_THE_MONTH = {"rent_arrears_months", "zero_power_months", "failed_payment_months"}


def test_a_case_does_not_worsen_by_the_mere_passing_of_time(shipped: Catalogue) -> None:
    """A measure that has worsened wakes a muted case; days that only pass must not."""
    for indicator in shipped.indicators.values():
        if indicator.measure and indicator.direction is not Direction.PROCESS:
            fact = indicator.measure.fact
            assert not fact.endswith(("_days", "_months")) or fact in WORSE_BY_THE_MONTH, indicator.code


def test_most_rules_say_by_what_they_worsen(shipped: Catalogue) -> None:
    with_measure = [indicator for indicator in shipped.indicators.values() if indicator.measure]
    assert len(with_measure) >= 90
    for indicator in with_measure:
        assert indicator.measure is not None
        assert indicator.declared_facts[indicator.measure.fact].type in ("int", "money", "num")
