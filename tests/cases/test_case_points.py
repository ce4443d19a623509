"""Points, colours, kinds: what makes a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from case_nights import Hit, Home, Nights, citizen

from monitor.transform import run_layer

DAY = "2026-11-20"


@pytest.mark.parametrize(
    ("hits", "points", "colour"),
    [
        ([Hit("A", 1, "low")], 1, "blue"),
        ([Hit("A", 1, "low"), Hit("B", 1, "low")], 2, "blue"),
        ([Hit("A", 1, "medium")], 3, "yellow"),
        ([Hit("A", 1, "medium"), Hit("B", 2, "low")], 4, "yellow"),
        ([Hit("A", 1, "high")], 5, "orange"),
        ([Hit("A", 1, "medium"), Hit("B", "H:1", "medium"), Hit("C", 2, "low")], 7, "orange"),
        ([Hit("A", 1, "urgent")], 8, "red"),
        ([Hit("A", 1, "high"), Hit("B", 2, "medium")], 8, "red"),
        ([Hit("A", 1, "high"), Hit("A", 2, "high")], 5, "orange"),
        ([Hit("A", 1, "high", family="f"), Hit("B", 2, "medium", family="f")], 5, "orange"),
        ([Hit("A", 1, "high", family="f"), Hit("B", 2, "medium", family="g")], 8, "red"),
        ([Hit("A", 1, "high", direction="uncovered"), Hit("B", 2, "medium")], 8, "red"),
    ],
)
def test_points_count_an_indicator_once_and_of_a_family_only_the_highest(
    tmp_path: Path, hits: list[Hit], points: int, colour: str
) -> None:
    night = Nights(tmp_path).night(DAY, hits)
    assert night.cases() == [("visit", colour, points, "new")]


def test_integrity_makes_a_review_of_its_own_and_process_makes_no_case(tmp_path: Path) -> None:
    hits = [
        Hit("A", 1),
        Hit("B", 2, "high", "integrity"),
        Hit("C", 2, "urgent", "process"),
        Hit("C", "H:1", "urgent", "process"),
    ]
    night = Nights(tmp_path).night(DAY, hits)
    assert night.cases("kind, points, left(case_no, 17)") == [
        ("review", 5, "R530622-20261120-"[:17]),
        ("visit", 3, "V530622-20261120-"[:17]),
    ]
    assert night.rows("select indicator, unit, subject, county from cases.supervision order by unit") == [
        ("C", "household", "H:1", "530622"),
        ("C", "person", citizen(2), "530622"),
    ]
    assert night.summary.supervision == 2


def test_a_person_without_a_household_has_a_case_of_their_own(tmp_path: Path) -> None:
    night = Nights(tmp_path).night(DAY, [Hit("A", 3), Hit("A", 1)], alone=(3,))
    assert night.cases("subject, household") == [(citizen(3), None), ("H:1", "H:1")]


def test_numbers_run_by_county_and_kind_and_tell_nothing_of_ids(tmp_path: Path) -> None:
    homes = [Home(f"H:{n}", (n,)) for n in range(1, 41)]
    homes += [Home("H:far", (99,), ("530602001001", "530602001", "530602", "rural"))]
    night = Nights(tmp_path).night(DAY, [Hit("A", n) for n in (*range(1, 41), 99)], homes)
    numbers = night.rows("select case_no from cases.case where county = '530622' order by case_no")
    assert numbers == [(f"V530622-20261120-{n:04d}",) for n in range(1, 41)]
    assert night.rows("select case_no from cases.case where county = '530602'") == [("V530602-20261120-0001",)]
    by_id = [row[0] for row in night.rows("select case_no from cases.case where county = '530622' order by case_subject")]
    assert by_id != sorted(by_id)


def test_ten_thousand_cases_of_a_county_and_day_keep_numbers_of_their_own(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    night = nights.night(DAY, [])
    night.connection.execute(
        "create or replace table cases.standing_case as "
        "select 'visit' as kind, i as case_subject, null::varchar as case_no from range(10001) r(i);"
        "create or replace table cases.standing_place as "
        "select i as case_subject, i::varchar as subject, '530622' as county from range(10001) r(i)"
    )
    run_layer(night.connection, "cases", prefix="standing_number")
    assert night.rows("select count(distinct case_no), max(length(case_no)) from cases.standing_number") == [(10001, 22)]


def test_a_place_that_is_not_known_is_county_000000(tmp_path: Path) -> None:
    homes = [Home("H:1", (1,), (None, None, "000000", "rural"))]
    night = Nights(tmp_path).night(DAY, [Hit("A", 1)], homes)
    assert night.cases("case_no, township, county") == [("V000000-20261120-0001", None, "000000")]


def test_reasons_stand_once_the_weightiest_first(tmp_path: Path) -> None:
    hits = [Hit("B", 1, "low", reason="乙"), Hit("A", 1, "high", reason="甲"), Hit("A", 2, "high", reason="甲")]
    night = Nights(tmp_path).night(DAY, hits)
    assert night.cases("indicators, reasons_zh") == [("A,B", "甲；乙")]


def test_the_summary_counts_open_cases_by_state_and_colour(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night(DAY, [Hit("A", 1, "urgent"), Hit("R", 1, "low", "integrity")])
    summary = nights.night("2026-11-21", [Hit("A", 1, "urgent")]).summary
    assert summary.open == 1
    assert summary.by_state == {("review", "cleared"): 1, ("visit", "continuing"): 1}
    assert summary.by_colour == {("visit", "red"): 1}
