"""Every indicator of the catalogue, asked by plain Python of the plain facts, answers what the engine answers."""

from __future__ import annotations

from collections import Counter
from datetime import date
from functools import cache

import duckdb
import pytest
from cast_records import as_of, cast_records
from comparing import built, parameter_on, plain_facts, world_of
from opinion.population import Population
from opinion.rules import outcome
from random_records import Drawing, Records

from monitor.indicators import evaluate, load_catalogue

Counted = Counter[tuple[str, str, str]]
Hits = set[tuple[str, str]]


def plain_outcomes(rows: Records, delivered: dict[str, date | None], today: date) -> dict[tuple[str, str, str], str]:
    """(indicator, subject, county) -> outcome."""
    people = Population(world_of(rows, delivered, today))
    facts = dict(zip(("person", "household"), plain_facts(rows, delivered, today), strict=True))
    value, found = parameter_on(today), {}
    for code, indicator in load_catalogue().indicators.items():
        for subject, known in facts[indicator.unit].items():
            head = people.head(subject) if indicator.unit == "household" else subject
            asked = {"members": people.is_member(head), "living": not people.is_dead(head), "everybody": True}
            if indicator.unit == "person" and not asked[indicator.asked]:
                continue
            place = people.place(head)
            said = outcome(indicator.when, indicator.unless, known, lambda n, p=place: value(n, p.code, p.area))  # type: ignore[misc]
            found[code, subject, place.code[:6] if len(place.code) >= 6 else "000000"] = said
    return found


@cache
def outcomes_of_cast(night: int) -> dict[tuple[str, str, str], str]:
    """The plain outcomes of the cast of sample_data."""
    return plain_outcomes(*cast_records(night), as_of(night))


def engine_outcomes(connection: duckdb.DuckDBPyConnection) -> tuple[Hits, Counted]:
    evaluate(connection, load_catalogue())
    subjects = (
        "select indicator, if(unit = 'person', id_text(subject), h.household_id) from hits.hit "
        "left join core.household h on unit = 'household' and h.household = subject"
    )
    counted: Counted = Counter()
    for code, county, *numbers in connection.execute(
        "select indicator, county, hit, clear, unknown, exempt from hits.coverage"
    ).fetchall():
        for said, number in zip(("hit", "clear", "unknown", "exempt"), numbers, strict=True):
            counted[code, county, said] += number
    return set(connection.execute(subjects).fetchall()), +counted


def _assert_same(connection: duckdb.DuckDBPyConnection, plain: dict[tuple[str, str, str], str]) -> None:
    hits, counted = engine_outcomes(connection)
    plain_counted = Counter((code, county, said) for (code, _, county), said in plain.items())
    assert hits ^ {(code, subject) for (code, subject, _), said in plain.items() if said == "hit"} == set()
    assert (counted - plain_counted) + (plain_counted - counted) == Counter()


@pytest.mark.parametrize("night", [1, 2, 3])
def test_of_the_cast(night: int) -> None:
    _assert_same(built(*cast_records(night), as_of(night)), outcomes_of_cast(night))


@pytest.mark.parametrize(("seed", "today"), [(11, date(2026, 11, 20)), (12, date(2027, 2, 28))])
def test_of_random_records(seed: int, today: date) -> None:
    drawn = Drawing(seed, today, households=60).records()
    _assert_same(built(*drawn, today), plain_outcomes(*drawn, today))
