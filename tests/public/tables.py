"""Small random tables, month after month, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st

from monitor.public.sheet import Cell, Outline, Sheet, make_sheet
from monitor.public.suppress import Remembered, decide

COUNTIES = ("530101", "530102", "530203")
ITEMS = {"all": "合计", "a": "甲", "b": "乙", "c": "丙"}
SPLITS = (("all", ("a", "b", "c")),)
TWICE = ({"all": "合计", "a": "甲", "b": "乙", "x": "子", "y": "丑"}, (("all", ("a", "b")), ("all", ("x", "y"))))
Decide = Callable[[Sheet, Mapping[Cell, Remembered]], dict[Cell, Remembered]]

# most counts are small or near the border, where mistakes are
COUNT = st.integers(0, 12) | st.integers(0, 60)
STEP = st.sampled_from((-9, -8, -7, -3, -1, 0, 0, 1, 2, 5, 7, 8, 9))


def sheet_of(counts: Mapping[Cell, int], items: Mapping[str, str] = ITEMS, splits: Sequence = SPLITS) -> Sheet:  # type: ignore[type-arg]
    """A sheet of these finest counts."""
    outline = Outline("test", "表", "table", items, tuple(splits))
    return make_sheet(
        outline, {place for place, _ in counts}, [(place, item, count) for (place, item), count in counts.items()]
    )


@st.composite
def months(draw: st.DrawFn, most: int = 3) -> list[dict[Cell, int]]:
    """Finest counts of some counties, month after month; most move little."""
    counties = COUNTIES[: draw(st.integers(1, 3))]
    first = {(place, item): draw(COUNT) for place in counties for item in "abc"}
    told = [first]
    for _ in range(draw(st.integers(1, most)) - 1):
        told.append({cell: max(0, count + draw(STEP)) for cell, count in told[-1].items()})
    return told


def released(sheets: Sequence[Sheet], deciding: Decide = decide) -> list[dict[Cell, int | None]]:
    """What each month shows, decided one after the other."""
    before: Mapping[Cell, Remembered] = {}
    shown = []
    for sheet in sheets:
        before = deciding(sheet, before)
        shown.append({cell: one.told.value for cell, one in before.items()})
    return shown
