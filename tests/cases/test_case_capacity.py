"""Who is on the list when there is not room for all, in which order, and why."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from case_nights import Answer, Hit, Home, Nights

DAY = date(2026, 11, 16)  # a Monday
HOMES = [Home(f"H:{n}", (n,)) for n in range(1, 10)]


def after(days: int) -> str:
    return (DAY + timedelta(days=days)).isoformat()


def test_red_is_always_listed_and_the_best_of_the_rest_fill_what_is_left(tmp_path: Path) -> None:
    hits = [Hit("A", n, "urgent") for n in (1, 2)] + [Hit("A", n, "high") for n in (3, 4)] + [Hit("A", 5, "medium")]
    hits += [Hit("A", 6, "low")]
    night = Nights(tmp_path, visits_per_week=4).night(after(0), hits, HOMES)  # three for cases, one for an audit
    assert night.listed("why, rank") == [("red", 1), ("red", 2), ("ranked", 3)]
    assert sorted(night.left_off()) == [("blue",), ("capacity",), ("capacity",)]
    assert night.cases("first_listed, due", audits=False)[4] == (None, None)


def test_more_red_than_places_are_all_listed(tmp_path: Path) -> None:
    night = Nights(tmp_path, visits_per_week=2).night(after(0), [Hit("A", n, "urgent") for n in range(1, 6)], HOMES)
    assert night.listed() == [("red",)] * 5


def test_a_case_once_listed_stays_and_an_answer_makes_room_for_the_next(tmp_path: Path) -> None:
    nights = Nights(tmp_path, visits_per_week=2)
    yellow = [Hit("A", 1, "medium")]
    (number,) = nights.night(after(0), yellow, HOMES).cases("case_no")[0]
    better = [*yellow, Hit("A", 2, "high")]
    assert nights.night(after(1), better, HOMES).listed("case_no, why") == [(number, "kept")]
    freed = nights.night(after(2), better, HOMES, answers=(Answer(number, "false_data", after(1)),))
    assert freed.listed() == [("ranked",)]
    assert freed.listed("case_no") != [(number,)]


def test_pending_takes_a_place_until_the_visit_is_made(tmp_path: Path) -> None:
    nights = Nights(tmp_path, visits_per_week=2)
    hits = [Hit("A", 1, "medium"), Hit("A", 2, "low")]
    (number,) = nights.night(after(0), hits, HOMES).listed("case_no")[0]
    more = [Hit("A", 1, "medium"), Hit("A", 2, "high")]
    night = nights.night(after(1), more, HOMES, answers=(Answer(number, "pending", after(0)),))
    assert night.listed("case_no, why") == [(number, "kept")]


def test_reviews_take_no_place_of_visits(tmp_path: Path) -> None:
    hits = [Hit("R", n, "medium", "integrity") for n in range(1, 5)] + [Hit("A", 1)]
    assert Nights(tmp_path, visits_per_week=1).night(after(0), hits, HOMES).listed() == [("ranked",)] * 5


def test_without_any_capacity_only_red_is_listed_and_nobody_is_audited(tmp_path: Path) -> None:
    night = Nights(tmp_path, visits_per_week=0).night(after(0), [Hit("A", 1, "urgent"), Hit("A", 2, "high")], HOMES)
    assert night.rows("select why from cases.listed") == [("red",)]


def test_what_has_proved_true_comes_before_what_has_not(tmp_path: Path) -> None:
    nights = Nights(tmp_path, weights={"A": 200, "B": 1500})
    night = nights.night(after(0), [Hit("A", 1, "high"), Hit("B", 2, "medium"), Hit("C", 3, "medium")], HOMES)
    assert night.rows(
        "select indicators, score, rank_zh from cases.case join cases.listed using (case_no) where why = 'ranked' order by rank"
    ) == [
        ("B", 4500, "分值3 × 属实系数1.50 × 等待系数1.00（已等0天） = 4.50"),
        ("C", 3000, "分值3 × 属实系数1.00 × 等待系数1.00（已等0天） = 3.00"),
        ("A", 1000, "分值5 × 属实系数0.20 × 等待系数1.00（已等0天） = 1.00"),
    ]


def test_of_a_family_the_highest_level_speaks_and_of_equals_the_truer(tmp_path: Path) -> None:
    hits = [Hit("A", 1, "high", family="f"), Hit("B", 1, "high", family="f"), Hit("C", 1, "medium", family="f")]
    night = Nights(tmp_path, weights={"A": 500, "B": 700, "C": 4000}).night(after(0), hits, HOMES)
    assert night.cases("points, score") == [(5, 3500)]


def test_red_stays_first_however_little_it_has_proved(tmp_path: Path) -> None:
    nights = Nights(tmp_path, weights={"A": 1})
    night = nights.night(after(0), [Hit("A", 1, "urgent"), Hit("B", 2, "high")], HOMES)
    assert night.listed("why, rank") == [("red", 1), ("ranked", 2)]
    assert night.cases("rank_zh")[0][0].startswith("红色优先；")


@pytest.mark.parametrize(("days", "score", "waiting"), [(3, 3100, "1.03（已等3天）"), (30, 4133, "1.38（已等30天，逾期2天）")])
def test_waiting_raises_a_case_and_an_overdue_day_counts_three_times(
    tmp_path: Path, days: int, score: int, waiting: str
) -> None:
    nights, hits = Nights(tmp_path), [Hit("A", 1)]
    nights.night(after(0), hits, HOMES)
    night = nights.night(after(days), hits, HOMES)
    assert night.cases("due::varchar, score") == [("2026-12-14", score)]
    assert waiting in night.cases("rank_zh")[0][0]


def test_equals_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    night = Nights(tmp_path).night(after(0), [Hit("A", n) for n in range(1, 9)], HOMES)
    numbers = [number for (number,) in night.listed("case_no")]
    assert numbers == sorted(numbers)
