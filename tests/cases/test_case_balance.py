"""Properties over generated nights: nothing is lost, and what stands still stays still."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

from case_nights import Answer, Hit, Home, Night, Nights
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

DAY = date(2026, 11, 16)
HOMES = [Home(f"H:{n}", (n, n + 100)) for n in range(1, 13)]
LEVELS = ("low", "medium", "high", "urgent")
ANSWERS = ("true_enrolled", "false_data", "not_found", "declined", "pending")
FEW = {"deadline": None, "database": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}

hit = st.builds(
    Hit,
    indicator=st.sampled_from("ABC"),
    of=st.sampled_from([*range(1, 13), *range(101, 113)]),
    level=st.sampled_from(LEVELS),
    measure=st.integers(0, 300),
    direction=st.sampled_from(("risk", "uncovered")),
)
hits = st.lists(hit, max_size=16, unique_by=lambda one: (one.indicator, one.of))
answers = st.lists(st.tuples(st.integers(0, 11), st.sampled_from(ANSWERS)), max_size=4)


def assert_balanced(night: Night) -> None:
    """Every open case stands once on the list or beside it, with a reason; nothing else stands there."""
    open_ones = night.rows("select case_no from cases.case where state not in ('cleared', 'closed') order by 1")
    stand = night.rows("select case_no from cases.listed union all select case_no from cases.left_off order by 1")
    assert stand == open_ones
    whys = {why for (why,) in night.rows("select why from cases.listed union select why from cases.left_off")}
    assert whys <= {"red", "kept", "ranked", "audit", "blue", "capacity", "muted"}
    red_left_off = "select * from cases.left_off join cases.case using (case_no) where colour = 'red' and why <> 'muted'"
    assert night.rows(red_left_off) == []
    sure, listed = night.rows(
        "select count(*) filter (why in ('red', 'kept')), count(*) from cases.listed where why <> 'audit'"
    )[0]
    assert listed <= max(sure, 3)
    assert night.summary.open == len(open_ones)


@settings(max_examples=5, **FEW)
@given(nights=st.lists(st.tuples(hits, answers), min_size=3, max_size=3))
def test_listed_and_left_off_are_all_open_cases_exactly(nights: list[tuple[list[Hit], list[tuple[int, str]]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Nights(Path(folder), visits_per_week=4, worse={"A": "higher", "B": "lower"})
        numbers: list[str] = []
        for offset, (standing, given_answers) in enumerate(nights):
            yesterday = (DAY + timedelta(days=offset - 1)).isoformat()
            came = tuple(Answer(numbers[n % len(numbers)], one, yesterday) for n, one in given_answers if numbers)
            night = home.night((DAY + timedelta(days=offset)).isoformat(), standing, HOMES, answers=came)
            assert_balanced(night)
            numbers = [number for (number,) in night.cases("case_no")]


@settings(max_examples=2, **FEW)
@given(standing=hits, given_answers=answers)
def test_thirty_nights_of_the_same_inputs_warn_nobody_twice(standing: list[Hit], given_answers: list[tuple[int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Nights(Path(folder), worse={"A": "higher", "B": "lower"})
        first = home.night(DAY.isoformat(), standing, HOMES)
        numbers = [number for (number,) in first.cases("case_no")]
        came = tuple(Answer(numbers[n % len(numbers)], one, DAY.isoformat()) for n, one in given_answers if numbers)
        seen = set()
        for offset in range(1, 30):
            night = home.night((DAY + timedelta(days=offset)).isoformat(), standing, HOMES, answers=came if offset == 1 else ())
            assert [number for (number,) in night.cases("case_no")] == numbers
            seen |= {state for (state,) in night.cases("state")}
        assert seen <= {"continuing", "closed", "muted"}
