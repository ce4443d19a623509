"""The numbers of the pages are those of the run folder, counted here without the code that is tested."""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import Any

import duckdb
import pytest
from bulletin_nights import LAST, NIGHTS

from monitor.bulletin import Book, month_edition, night_edition, read_book
from monitor.bulletin.headline import headline, key_figures, warning
from monitor.bulletin.sections.cases import standing
from monitor.bulletin.sections.nights import came_and_went
from monitor.run import Home
from monitor.settings import Settings
from monitor.vocabulary import Colour

PREFECTURE = "5333"


@pytest.fixture(scope="module")
def run(settings: Settings) -> Path:
    return Home(settings.home).runs / LAST.isoformat()


@pytest.fixture(scope="module")
def book(settings: Settings) -> Book:
    home = Home(settings.home)
    return read_book(home, settings, night_edition(home))


def rows(select: str, run: Path) -> list[tuple[Any, ...]]:
    return duckdb.sql(select.replace("{run}", str(run))).fetchall()


def test_there_is_a_page_for_every_county_its_prefecture_and_its_province(book: Book, run: Path) -> None:
    counties = {county for (county,) in rows("select distinct county from '{run}/coverage.parquet'", run)} - {"000000"}
    assert set(book.places) == counties | {PREFECTURE, "53"}
    assert len(counties) == 4


def test_standing_cases_are_those_of_the_run(book: Book, run: Path) -> None:
    select = """select county, colour, count(*) from '{run}/cases.parquet'
        where kind = 'visit' and state not in ('cleared', 'closed', 'muted') group by all"""
    found = {(county, colour): number for county, colour, number in rows(select, run)}
    counties = [place for place in book.places if len(place) == 6]
    told = {(place, colour.value): standing(book.of(place), colour) for place in counties for colour in Colour}
    assert {key: number for key, number in told.items() if number} == found
    assert f"{sum(found.values()):,}户需要走访" in headline(book.of(PREFECTURE))


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("case_now", ["cases"]),
        ("trend", ["stands", "came", "went"]),
        ("left_off", ["cases"]),
        ("answer_count", ["cases", "of_period"]),
        ("precision", ["judged", "fact", "action", "enrolment"]),
        ("blind", ["unknown"]),
        ("policy", ["not_enrolled", "visited", "enrolled"]),
        ("process", ["lines"]),
    ],
)
def test_counties_add_up_to_their_prefecture_and_it_to_the_province(book: Book, table: str, columns: list[str]) -> None:
    for column in columns:
        totals = {place: book.of(place).total(table, column) for place in book.places}
        assert sum(n for place, n in totals.items() if len(place) == 6) == totals[PREFECTURE] == totals["53"]
        assert totals["53"] > 0


def test_parts_of_a_page_add_up_to_the_page(book: Book) -> None:
    for place in book.places:
        figures = book.of(place)
        for column in ("listed", "overdue", "answered"):
            assert figures.total("field", column) == 2 * figures.total("field", column, part="all")
        if len(place) < 6:
            assert figures.total("household", "households") == 2 * figures.total("household", "households", part="all")
        assert sum(row["cases"] for row in figures.tables["part_case"]) == standing(figures)


def test_what_came_and_went_is_what_the_states_of_the_night_say(book: Book, run: Path) -> None:
    select = """select count(*) filter (state in ('new', 'reopened')), count(*) filter (state in ('cleared', 'closed'))
        from '{run}/cases.parquet' where kind = 'visit'"""
    assert [came_and_went(book.of("53"))] == rows(select, run)
    assert came_and_went(book.of("53"))[1] > 0


def test_a_month_counts_the_comings_and_goings_of_all_its_nights(settings: Settings, run: Path) -> None:
    home = Home(settings.home)
    month = read_book(home, settings, month_edition(home, "2026-11"))
    select = """select count(*) filter (state in ('new', 'reopened')), count(*) filter (state in ('cleared', 'closed'))
        from read_parquet('{run}/../2026-11-*/cases.parquet') where kind = 'visit'"""
    assert [came_and_went(month.of("53"))] == rows(select, run)
    assert len(month.edition.period_nights) == len(NIGHTS)
    assert month.of("53").total("answer_count", "of_period") == month.of("53").total("answer_count", "cases")


def test_an_earlier_night_is_told_as_it_was(settings: Settings, run: Path) -> None:
    home = Home(settings.home)
    first = read_book(home, settings, night_edition(home, NIGHTS[0]))
    assert not first.of("53").tables["answer_count"], "nothing had come back yet"
    select = f"select count(*) from '{run}/../{NIGHTS[0]}/cases.parquet' where kind = 'visit' and state <> 'muted'"
    assert [(standing(first.of("53")),)] == rows(select, run)


def test_precision_of_a_prefecture_is_that_of_all_its_answers(book: Book, run: Path) -> None:
    row = next(row for row in book.of(PREFECTURE).tables["precision"] if row["indicator"] == "all")
    select = """select count(*), count(*) filter (starts_with(answer, 'true_')) from '{run}/answers.parquet'
        where is_in_force and kind = 'visit' and (starts_with(answer, 'true_') or starts_with(answer, 'false_'))"""
    assert [(row["judged"], row["fact"])] == rows(select, run)
    n, p, z = row["judged"], row["fact"] / row["judged"], 1.959964
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    assert float(row["fact_low"]) == pytest.approx(middle - half, abs=1e-4)
    assert float(row["fact_high"]) == pytest.approx(middle + half, abs=1e-4)


def test_policies_count_households_entitled_visited_and_enrolled(book: Book, run: Path) -> None:
    uncovered = {code: rule.route for code, rule in book.rules.items() if rule.direction == "uncovered"}
    found: dict[str, set[str]] = {}
    for code, subject in rows("select indicator, coalesce(household, subject) from '{run}/hits.parquet'", run):
        if code in uncovered:
            found.setdefault(uncovered[code], set()).add(subject)
    visited: dict[str, set[str]] = {}
    enrolled: dict[str, set[str]] = {}
    select = """select indicators, coalesce(household, subject), answer from '{run}/answers.parquet'
        where kind = 'visit' and is_in_force"""
    for codes, subject, answer in rows(select, run):
        for route in {uncovered[code] for code in codes.split(",") if code in uncovered}:
            visited.setdefault(route, set()).add(subject)
            if answer == "true_enrolled":
                enrolled.setdefault(route, set()).add(subject)
    told = {row["route"]: row for row in book.of("53").tables["policy"]}
    assert told.keys() == found.keys() | visited.keys()
    assert enrolled
    for route, row in told.items():
        sets = found.get(route, set()), visited.get(route, set()), enrolled.get(route, set())
        assert (row["not_enrolled"], row["visited"], row["enrolled"]) == tuple(map(len, sets))
        assert row["eligible"] == len(sets[0] | sets[1])


def test_what_is_blind_because_a_department_is_late_is_told(book: Book, run: Path) -> None:
    late = {name for (name,) in rows("select extract from '{run}/freshness.parquet' where is_stale", run)}
    unknown = {code for code, n in rows("select indicator, sum(unknown) from '{run}/coverage.parquet' group by 1", run) if n}
    blind = {code for code in unknown if late & set(book.rules[code].extracts)}
    assert blind
    assert f"{len(late)}项数据迟到，{len(blind)}项指标" in warning(book.of("53"))
    assert "公安" in warning(book.of("53"))
    assert key_figures(book.of("53"))[-1].value == f"{len(late)}项"
