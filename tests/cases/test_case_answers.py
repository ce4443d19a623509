"""What an answer does to its case: closed, muted, reopened at once, reopened in time, never lost."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from case_nights import Answer, Hit, Home, Night, Nights

DAY = date(2026, 11, 17)


def after(days: int) -> str:
    return (DAY + timedelta(days=days)).isoformat()


def answered(nights: Nights, answer: str, hits: list[Hit], homes: list[Home] | None = None) -> tuple[str, Night]:
    """A first night with these hits, a second with an answer to its first case; the number and the second night."""
    first = nights.night(after(0), hits, homes)
    (number,) = first.cases("case_no")[0]
    return number, nights.night(after(1), hits, homes, answers=(Answer(number, answer, after(0)),))


@pytest.mark.parametrize(
    ("answer", "direction", "days", "state"),
    [
        ("true_enrolled", "risk", 180, "closed"),
        ("true_referred", "risk", 180, "closed"),
        ("true_temporary", "risk", 180, "closed"),
        ("true_covered", "uncovered", 180, "closed"),
        ("false_data", "risk", 90, "closed"),
        ("false_changed", "risk", 90, "closed"),
        ("declined", "risk", 90, "closed"),
        ("not_found", "risk", 30, "muted"),
        ("keep", "integrity", 180, "closed"),
        ("stop", "integrity", 30, "closed"),
    ],
)
def test_an_answer_mutes_its_case_and_what_still_stands_then_is_reopened(
    tmp_path: Path, answer: str, direction: str, days: int, state: str
) -> None:
    nights, hits = Nights(tmp_path), [Hit("A", 1, direction=direction)]
    number, night = answered(nights, answer, hits)
    assert night.cases("case_no, state, answer, answered_on::varchar, muted_until::varchar") == [
        (number, state, answer, after(0), after(days))
    ]
    assert (night.listed(), night.left_off()) == ([], [] if state == "closed" else [("muted",)])
    last = nights.night(after(days - 1), hits)
    assert last.cases("case_no, state, first_listed, due, score") == [(number, "muted", None, None, None)]
    assert (last.listed(), last.left_off("why, rank")) == ([], [("muted", None)])
    again = nights.night(after(days), hits)
    assert again.cases("case_no, state, first_listed::varchar, muted_until") == [(number, "reopened", after(days), None)]
    assert "静默期满仍命中" in again.cases("reopened_zh")[0][0]
    assert again.listed() == [("ranked",)]
    assert nights.night(after(days + 1), hits).cases("state, reopened_on::varchar") == [("continuing", after(days))]


def test_pending_leaves_the_case_listed_as_it_was(tmp_path: Path) -> None:
    number, night = answered(Nights(tmp_path), "pending", [Hit("A", 1)])
    assert night.cases("case_no, state, answer, first_listed::varchar, muted_until") == [
        (number, "continuing", "pending", after(0), None)
    ]
    assert night.listed() == [("kept",)]


def test_a_muted_case_rests_whether_anything_hits_or_not_and_ends_with_the_mute(tmp_path: Path) -> None:
    nights, hits = Nights(tmp_path), [Hit("A", 1)]
    answered(nights, "false_data", hits)
    assert nights.night(after(2), []).cases() == [("visit", "yellow", 3, "muted")]
    assert nights.night(after(3), hits).cases("state") == [("muted",)]
    assert nights.night(after(90), []).cases("state") == [("cleared",)]
    assert nights.night(after(91), hits).cases("state, case_no") == [("new", f"V530622-{after(91).replace('-', '')}-0001")]


def test_what_cannot_be_told_at_the_end_of_the_mute_still_stands(tmp_path: Path) -> None:
    nights, hits = Nights(tmp_path), [Hit("A", 1)]
    answered(nights, "not_found", hits)
    (state, told), *others = nights.night(after(30), [], unknown=(("A", 1),)).cases("state, reopened_zh")
    assert (state, others) == ("reopened", [])
    assert "静默期满，有数据没到" in told, "nobody is told that it hits"
    assert nights.night(after(31), [], unknown=(("A", 1),)).cases("state") == [("carried",)]


@pytest.mark.parametrize(
    ("then", "now", "why"),
    [
        ([Hit("A", 1)], [Hit("A", 1), Hit("B", 2, "low")], "新增预警B"),
        ([Hit("A", 1), Hit("B", 1)], [Hit("A", 1, "urgent")], "颜色升为红"),
        ([Hit("A", 1, measure=100)], [Hit("A", 1, measure=125)], "A加重25%以上"),
        ([Hit("A", 1, measure=100)], [Hit("A", 1, measure=124)], None),
        ([Hit("A", 1, measure=0)], [Hit("A", 1, measure=1)], "A加重25%以上"),
        ([Hit("A", 1, measure=0)], [Hit("A", 1, measure=0)], None),
        ([Hit("L", 1, measure=100)], [Hit("L", 1, measure=75)], "L加重25%以上"),
        ([Hit("L", 1, measure=100)], [Hit("L", 1, measure=76)], None),
        ([Hit("L", 1, measure=100)], [Hit("L", 1, measure=900)], None),
        ([Hit("L", 1, measure=0)], [Hit("L", 1, measure=-1)], "L加重25%以上"),
        ([Hit("L", 1, measure=-100)], [Hit("L", 1, measure=-125)], "L加重25%以上"),
        ([Hit("N", 1, measure=100)], [Hit("N", 1, measure=900)], None),
        ([Hit("A", 1, measure=100)], [Hit("A", 2, measure=900)], None),
        ([Hit("A", 1, measure=100)], [Hit("A", 1)], None),
        ([Hit("A", 1), Hit("B", 1)], [Hit("A", 1)], None),
    ],
)
def test_a_muted_case_is_reopened_at_once_by_something_new_a_higher_colour_or_a_measure_worse_by_a_quarter(
    tmp_path: Path, then: list[Hit], now: list[Hit], why: str | None
) -> None:
    nights = Nights(tmp_path, worse={"A": "higher", "L": "lower"})
    number, _ = answered(nights, "false_changed", then)
    night = nights.night(after(2), now)
    ((case_no, state, told),) = night.cases("case_no, state, reopened_zh")
    assert (case_no, state) == (number, "reopened" if why else "muted")
    assert told == (f"上次核查（11月17日）不属实-情况已变；{why}" if why else None)
    assert len(night.listed()) == (1 if why else 0)


def test_worsening_is_measured_from_the_answer_however_slowly_it_comes(tmp_path: Path) -> None:
    nights = Nights(tmp_path, worse={"A": "higher"})
    answered(nights, "false_data", [Hit("A", 1, measure=100)])
    states = [nights.night(after(n), [Hit("A", 1, measure=100 + 9 * n)]).cases("state")[0][0] for n in (2, 3)]
    assert states == ["muted", "reopened"]


def test_what_came_after_the_visit_and_its_list_was_not_in_the_case_when_it_was_answered(tmp_path: Path) -> None:
    nights, both = Nights(tmp_path), [Hit("A", 1), Hit("B", 1, "low")]
    (number,) = nights.night(after(0), both[:1]).cases("case_no")[0]
    nights.night(after(1), both)
    late = nights.night(after(2), both, answers=(Answer(number, "false_data", after(0)),))
    assert late.cases("state, reopened_zh") == [("reopened", "上次核查（11月17日）不属实-数据错误；新增预警B")]


def test_an_answer_from_before_the_reopening_closes_nothing_and_a_new_one_does(tmp_path: Path) -> None:
    nights, hits = Nights(tmp_path), [Hit("A", 1), Hit("B", 1, "low")]
    number, _ = answered(nights, "false_data", hits[:1])
    assert nights.night(after(2), hits).cases("state") == [("reopened",)]
    again = nights.night(after(3), hits, answers=(Answer(number, "false_data", after(0)),))
    assert again.cases("state") == [("continuing",)]
    same_day = Answer(number, "true_enrolled", after(2), list_as_of=after(2))
    assert nights.night(after(4), hits, answers=(same_day,)).cases("state, muted_until::varchar") == [("closed", after(182))]
    assert nights.night(after(5), hits).cases("state") == [("muted",)]


def test_a_later_row_corrects_an_answer(tmp_path: Path) -> None:
    nights, hits = Nights(tmp_path), [Hit("A", 1)]
    number, _ = answered(nights, "false_data", hits)
    corrected = nights.night(after(2), hits, answers=(Answer(number, "true_enrolled", after(0)),))
    assert corrected.cases("state, answer, muted_until::varchar") == [("closed", "true_enrolled", after(180))]
    withdrawn = nights.night(after(3), hits, answers=(Answer(number, "pending", after(0)),))
    assert withdrawn.cases("state, answer, reopened_zh") == [("reopened", "pending", "答复更正为待补充核查")]
    assert withdrawn.listed() == [("ranked",)]


def test_an_answer_that_comes_when_its_mute_is_over_reopens(tmp_path: Path) -> None:
    nights, hits = Nights(tmp_path), [Hit("A", 1)]
    (number,) = nights.night(after(0), hits).cases("case_no")[0]
    late = nights.night(after(40), hits, answers=(Answer(number, "not_found", after(1)),))
    assert late.cases("state") == [("reopened",)]
    assert nights.night(after(41), hits).cases("state") == [("continuing",)]


def test_an_answer_of_the_other_kind_or_to_an_unknown_number_does_nothing(tmp_path: Path) -> None:
    nights, hits = Nights(tmp_path), [Hit("A", 1)]
    assert answered(nights, "keep", hits)[1].cases("state, answer") == [("continuing", None)]
    stranger = Answer("V530622-20260101-0001", "false_data", after(1))
    assert nights.night(after(2), hits, answers=(stranger,)).cases("state") == [("continuing",)]


def test_a_case_that_ends_before_its_answer_comes_stays_ended(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    (number,) = nights.night(after(0), [Hit("A", 1)]).cases("case_no")[0]
    nights.night(after(1), [])
    assert nights.night(after(2), [], answers=(Answer(number, "true_enrolled", after(0)),)).cases() == []


def test_a_household_that_moves_stays_muted_in_its_new_township(tmp_path: Path) -> None:
    nights, hits = Nights(tmp_path), [Hit("A", 1)]
    number, _ = answered(nights, "false_data", hits)
    moved = nights.night(after(2), hits, [Home("H:1", (1, 2), ("530622002001", "530622002", "530622", "rural"))])
    assert moved.cases("case_no, state, township") == [(number, "muted", "530622002")]


def test_whoever_leaves_a_muted_household_takes_the_answer_along(tmp_path: Path) -> None:
    nights, hits = Nights(tmp_path), [Hit("A", 2, measure=100)]
    nights.worse = {"A": "higher"}
    answered(nights, "false_data", hits)
    homes = [Home("H:1", (1,)), Home("H:2", (2,))]
    left = nights.night(after(2), hits, homes)
    assert left.cases("subject, state, answer, muted_until::varchar") == [
        (subject, "muted", "false_data", after(90)) for subject in ("H:1", "H:2")
    ]
    assert nights.night(after(3), hits, homes).cases("state") == [("muted",), ("muted",)]
    worse = nights.night(after(4), [Hit("A", 2, measure=125)], homes)
    assert worse.cases("subject, state") == [("H:1", "muted"), ("H:2", "reopened")]


def test_a_new_household_with_a_hit_of_its_own_is_not_muted(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    answered(nights, "false_data", [Hit("A", 2)])
    homes = [Home("H:1", (1,)), Home("H:2", (2, 3))]
    night = nights.night(after(2), [Hit("A", 2), Hit("A", 3)], homes)
    assert night.cases("subject, state, muted_until") == [("H:1", "muted", DAY + timedelta(days=90)), ("H:2", "new", None)]


def test_of_muted_cases_that_merge_the_oldest_goes_on_muted_with_what_both_were_asked(tmp_path: Path) -> None:
    nights, homes = Nights(tmp_path), [Home("H:1", (1, 2)), Home("H:2", (3,))]
    hits = [Hit("A", 1), Hit("B", 3, "low")]
    first = nights.night(after(0), hits, homes)
    numbers = [number for (number,) in first.cases("case_no")]
    nights.night(after(1), hits, homes, answers=tuple(Answer(number, "false_data", after(0)) for number in numbers))
    merged = nights.night(after(2), hits, [Home("H:1", (1, 2, 3))])
    going_on, ended = sorted(numbers)
    states = dict(merged.cases("case_no, state"))
    assert states[ended] == "cleared"
    assert states[going_on] == "muted"
    assert merged.rows("select case_no, indicator from cases.case_answer order by 2") == [(going_on, "A"), (going_on, "B")]


def test_a_muted_case_that_takes_in_an_unanswered_one_is_reopened(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    answered(nights, "false_data", [Hit("A", 1)])
    hits = [Hit("A", 1), Hit("B", 3, "low")]
    nights.night(after(2), hits, [Home("H:1", (1, 2)), Home("H:2", (3,))])
    merged = nights.night(after(3), hits, [Home("H:1", (1, 2, 3))])
    assert sorted(merged.cases("state")) == [("cleared",), ("reopened",)]


def test_a_muted_case_ends_when_its_people_are_gone(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    answered(nights, "false_data", [Hit("A", 1)])
    assert nights.night(after(2), [], []).cases("state") == [("cleared",)]


def test_the_answers_are_remembered_by_the_run_folder_alone(tmp_path: Path) -> None:
    nights, hits = Nights(tmp_path), [Hit("A", 1)]
    answered(nights, "false_data", hits)
    nights.answered.clear()
    assert nights.night(after(2), hits).cases("state") == [("muted",)]
    assert nights.night(after(90), hits).cases("state") == [("reopened",)]
