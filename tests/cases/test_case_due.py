"""By when a case has to be visited, and what is on the list at all."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from case_nights import Hit, Home, Nights

from monitor.cases.working_days import overrides, working_days
from monitor.errors import UsageError


@pytest.mark.parametrize(
    ("day", "level", "due"),
    [
        ("2026-11-20", "urgent", "2026-11-25"),  # Friday + Mon Tue Wed
        ("2026-11-20", "high", "2026-12-04"),
        ("2026-11-20", "medium", "2026-12-18"),
        ("2026-11-21", "urgent", "2026-11-25"),  # listed on a Saturday
        ("2026-09-30", "urgent", "2026-10-10"),  # National Day: 8 and 9 October, and Saturday the 10th is worked
        ("2026-02-13", "urgent", "2026-02-25"),  # Spring Festival, with Saturday the 14th worked
    ],
)
def test_due_counts_working_days_after_the_day_of_listing(tmp_path: Path, day: str, level: str, due: str) -> None:
    night = Nights(tmp_path).night(day, [Hit("A", 1, level)])
    assert night.cases("first_listed::varchar, due::varchar") == [(day, due)]
    assert night.summary.notices == ()


def test_due_counts_from_the_first_listing_with_the_colour_of_tonight(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night("2026-11-16", [Hit("A", 1, "medium")])
    escalated = nights.night("2026-11-20", [Hit("A", 1, "medium"), Hit("B", 1, "high")])
    assert escalated.cases("state, first_listed::varchar, due::varchar") == [("escalated", "2026-11-16", "2026-11-19")]


def test_blue_is_watched_and_has_no_due_date(tmp_path: Path) -> None:
    night = Nights(tmp_path).night("2026-11-20", [Hit("A", 1, "low")])
    assert night.cases("colour, first_listed, due") == [("blue", None, None)]
    assert night.rows("select township, rank, why from cases.left_off") == [("530622001", 1, "blue")]
    assert night.listed() == []


def test_a_case_that_eases_to_blue_leaves_the_list_and_is_listed_afresh_when_it_returns(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.night("2026-11-17", [Hit("A", 1, "medium")])
    assert nights.night("2026-11-18", [Hit("A", 1, "low")]).cases("state, first_listed, due") == [("eased", None, None)]
    back = nights.night("2026-11-19", [Hit("A", 1, "medium")])
    assert back.cases("state, first_listed::varchar") == [("escalated", "2026-11-19")]


def test_a_carried_case_stays_on_the_list(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    first = nights.night("2026-11-17", [Hit("A", 1, "high")])
    carried = nights.night("2026-11-18", [], unknown=(("A", 1),))
    assert carried.listed() == [("kept",)]
    assert carried.cases("due") == first.cases("due")


def test_the_most_urgent_comes_first_visits_and_reviews_apart(tmp_path: Path) -> None:
    homes = [Home(f"H:{n}", (n,)) for n in range(1, 5)]
    hits = [Hit("A", 1, "medium"), Hit("A", 2, "urgent"), Hit("A", 3, "high"), Hit("R", 4, "medium", "integrity")]
    night = Nights(tmp_path).night("2026-11-20", hits, homes)
    ranks = night.rows(
        "select c.kind, c.subject, l.rank, l.why from cases.listed l join cases.case c using (case_no) "
        "where c.kind <> 'audit' order by 1, 3"
    )
    assert ranks == [
        ("review", "H:4", 1, "ranked"),
        ("visit", "H:2", 1, "red"),
        ("visit", "H:3", 2, "ranked"),
        ("visit", "H:1", 3, "ranked"),
    ]


def test_a_year_that_nobody_knows_counts_weekdays_and_says_so(tmp_path: Path) -> None:
    night = Nights(tmp_path).night("2050-03-01", [Hit("A", 1, "urgent"), Hit("B", 2, "low")])
    assert night.cases("due::varchar") == [("2050-03-04",)]
    assert len(night.summary.notices) == 1
    assert "2050年" in night.summary.notices[0]
    assert "1件" in night.summary.notices[0]


def test_a_year_that_touches_no_due_date_is_not_worth_a_word(tmp_path: Path) -> None:
    assert Nights(tmp_path).night("2026-12-01", [Hit("A", 1, "urgent")]).summary.notices == ()


def test_a_day_that_the_office_enters_wins_and_makes_its_year_known() -> None:
    entered = {date(2050, 3, 2): False, date(2050, 3, 5): True}
    calendar = working_days(date(2050, 3, 1), date(2050, 3, 7), entered)
    assert [day.day for day, is_working, _ in calendar.days if is_working] == [1, 3, 4, 5, 7]
    assert calendar.guessed_years == ()
    assert working_days(date(2026, 10, 1), date(2026, 10, 1), {date(2026, 10, 1): True}).days[0][1] is True


def test_the_days_that_an_installation_enters_are_read_from_its_own_table(tmp_path: Path) -> None:
    path = tmp_path / "working_days.csv"
    path.write_text("\ufeffday,is_working,source\n2050-03-02,false,国办发明电\n2050-03-05,是,国办发明电\n", encoding="utf-8")
    assert overrides(path) == {date(2050, 3, 2): False, date(2050, 3, 5): True}
    assert overrides(tmp_path / "none.csv") == {}
    night = Nights(tmp_path, own_days=path).night("2050-03-01", [Hit("A", 1, "urgent")])
    assert night.cases("due::varchar") == [("2050-03-05",)]
    assert night.summary.notices == ()


def test_a_wrong_row_of_that_table_is_named(tmp_path: Path) -> None:
    path = tmp_path / "working_days.csv"
    path.write_text("day,is_working,source\n2050-03-02,false,\n3月5日,true,\n2050-03-06,maybe,\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"第3行(.|\n)*第4行"):
        overrides(path)
