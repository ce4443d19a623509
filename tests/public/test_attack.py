"""An attacker who shares no code with the suppressor learns no count below 8, from one release or from several."""

import os

import pytest
from attacker import learnt
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tables import COUNT, SPLITS, TWICE, months, released, sheet_of

from monitor.public.sheet import Cell, Sheet
from monitor.public.suppress import Remembered, broken_promises, decide
from monitor.public.telling import SMALL, Told, hide, rounded, tell

# MONITOR_ATTACKS=1000 looks longer; a build looks at so many
ATTACKS = int(os.environ.get("MONITOR_ATTACKS", "30"))
SLOW = settings(max_examples=ATTACKS, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
Before = dict[Cell, Remembered]


def only_small_ones_hidden(sheet: Sheet, before: Before) -> Before:
    """A naive suppressor: no second cell is hidden, so totals give small ones away."""
    told = {cell: tell(count, before[cell].told if cell in before else None) for cell, count in sheet.counts.items()}
    return {cell: Remembered(one, 0) for cell, one in told.items()}


def every_month_by_itself(sheet: Sheet, before: Before) -> Before:
    """Another: small changes are shown, for every month is rounded anew."""
    return decide(sheet, {})


def without_hiding_zero(sheet: Sheet, before: Before) -> Before:
    """Another: nobody is nobody, so 0 is shown as 0."""
    decided = decide(sheet, before)
    return {cell: Remembered(Told(0, 0, 0, 0, 0, 0), 0) if sheet.counts[cell] == 0 else one for cell, one in decided.items()}


@SLOW
@given(counts=months())
@example(counts=[{("530101", "a"): 3, ("530101", "b"): 40, ("530101", "c"): 50}] * 2)
@example(
    counts=[
        {("530101", "a"): 7, ("530101", "b"): 8, ("530101", "c"): 8},
        {("530101", "a"): 8, ("530101", "b"): 8, ("530101", "c"): 7},
    ]
)
def test_releases_one_after_the_other_teach_nothing_small(counts: list[dict[Cell, int]]) -> None:
    sheets = [sheet_of(one) for one in counts]
    assert learnt(released(sheets), [sheet.counts for sheet in sheets], SPLITS) == []


@settings(SLOW, max_examples=ATTACKS // 2)
@given(data=st.data())
def test_a_total_that_is_split_in_two_ways_teaches_nothing_small(data: st.DataObject) -> None:
    sheets = []
    for _ in range(2):
        counts = {(place, item): data.draw(COUNT) for place in ("530101", "530102") for item in "ab"}
        for place in ("530101", "530102"):
            total = counts[place, "a"] + counts[place, "b"]
            counts[place, "x"] = data.draw(st.integers(0, total))
            counts[place, "y"] = total - counts[place, "x"]
        sheets.append(sheet_of(counts, *TWICE))
    assert learnt(released(sheets), [sheet.counts for sheet in sheets], TWICE[1]) == []


A_MONTH = {
    ("530101", "a"): 3,
    ("530101", "b"): 40,
    ("530101", "c"): 51,
    ("530102", "a"): 30,
    ("530102", "b"): 0,
    ("530102", "c"): 60,
}
ONE_MORE = A_MONTH | {("530102", "c"): 63, ("530101", "c"): 53}


@pytest.mark.parametrize(
    ("naive", "learns"),
    [(only_small_ones_hidden, "month 0"), (every_month_by_itself, "change to month 1"), (without_hiding_zero, "month 0")],
)
def test_the_attacker_learns_from_a_naive_suppressor(naive: object, learns: str) -> None:
    """The test of the tests: what is left out is found."""
    sheets = [sheet_of(A_MONTH), sheet_of(ONE_MORE)]
    found = learnt(released(sheets, naive), [sheet.counts for sheet in sheets], SPLITS)  # type: ignore[arg-type]
    assert [one for one in found if one.startswith(learns)]
    assert learnt(released(sheets), [sheet.counts for sheet in sheets], SPLITS) == []


def test_the_gate_finds_what_a_naive_suppressor_leaves() -> None:
    first, second = sheet_of(A_MONTH), sheet_of(ONE_MORE)
    before = decide(first, {})
    for naive in (only_small_ones_hidden, every_month_by_itself):
        told = {cell: one.told for cell, one in naive(second, before).items()}
        assert broken_promises(second, told, before), naive.__name__
    told = {cell: one.told for cell, one in decide(second, before).items()}
    assert broken_promises(second, told, before) == []


@SLOW
@given(counts=months())
def test_what_is_told_is_at_least_8_a_multiple_of_5_and_near_the_truth(counts: list[dict[Cell, int]]) -> None:
    before: Before = {}
    for one in counts:
        sheet = sheet_of(one)
        before = decide(sheet, before)
        for cell, told in ((cell, remembered.told) for cell, remembered in before.items()):
            if told.value is not None:
                assert sheet.counts[cell] >= SMALL
                assert told.value % 5 == 0
                assert abs(told.value - sheet.counts[cell]) <= (2 if told.is_fresh else 9)


def test_large_counts_are_all_told() -> None:
    sheet = sheet_of({(place, item): 100 for place in ("530101", "530102") for item in "abc"})
    assert None not in released([sheet])[0].values()


@pytest.mark.parametrize(("count", "value"), [(7, None), (8, 10), (12, 10), (13, 15), (22, 20), (23, 25)])
def test_a_count_is_rounded_or_hidden(count: int, value: int | None) -> None:
    assert tell(count, None).value == value


def test_a_change_below_8_is_told_only_when_it_has_become_8() -> None:
    told, values = None, []
    for count in (20, 24, 27, 28, 21, 20, 7, 25, 36):
        told = tell(count, told)
        values.append(told.value)
    assert values == [20, 20, 20, 30, 30, 20, None, 20, 35]


def test_what_was_never_shown_is_not_remembered() -> None:
    first = tell(20, None)
    assert hide(first).made_of is None
    assert hide(tell(40, first), first).made_of == 20
    assert rounded(40) == tell(40, hide(tell(40, first), first)).value
