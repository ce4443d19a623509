"""Decide what a release tells: small counts are hidden, and others with them until nothing small can be worked out.

Two promises, kept against a reader who knows every rule, every sum and the true counts behind all earlier values:

1. A count below 8 could be anything from 0 to 7.
2. A count that moved by less than 8 since the release before: of the change at least 8 values stay possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf

from monitor.public.reach import Need, Reach
from monitor.public.sheet import Cell, Sheet, Sum, parts_apart
from monitor.public.telling import SMALL, Told, hide, tell

# up to this many cells (a prefecture and its counties) it is tried for each hidden cell whether it could be shown
_TIDY_CELLS = 400


@dataclass(frozen=True)
class Remembered:
    """A cell of the release before: what was told, and how many values less one its count could have had."""

    told: Told
    width: int


Before = Mapping[Cell, Remembered]


def needs_of(sheet: Sheet, before: Before) -> dict[Cell, Need]:
    """What must stay possible of which cell."""
    needs = {}
    for cell, count in sheet.counts.items():
        if count < SMALL:
            needs[cell] = Need(low=0, high=SMALL - 1)
        elif (earlier := before.get(cell)) and abs(count - earlier.told.count) < SMALL:
            # the change is the difference of two counts, so what was open then is open now
            needs[cell] = Need(width=SMALL - 1 - (0 if earlier.told.is_fresh else earlier.width))
    return needs


def decide(sheet: Sheet, before: Before) -> dict[Cell, Remembered]:
    """What is told of every cell, hiding as little as a greedy choice finds; ends at the latest when all is hidden."""
    decided = {cell: one for piece in parts_apart(sheet) for cell, one in _decide_piece(piece, before).items()}
    return {cell: decided[cell] for cell in sheet.counts}


def broken_promises(sheet: Sheet, told: Mapping[Cell, Told], before: Before) -> list[Cell]:
    """The gate of a release: worked out anew from what is told, whoever decided it."""
    return [cell for piece in parts_apart(sheet) for cell in Reach(piece).unmet(told, needs_of(piece, before))]


def _decide_piece(sheet: Sheet, before: Before) -> dict[Cell, Remembered]:
    told = {cell: tell(count, _told(before, cell)) for cell, count in sheet.counts.items()}
    needs, reach = needs_of(sheet, before), Reach(sheet)
    while unmet := reach.unmet(told, needs):
        for cell in _to_hide(sheet, told, {cell: needs[cell] for cell in unmet}):
            told[cell] = hide(told[cell], _told(before, cell))
    if len(told) <= _TIDY_CELLS:
        told, reach = _shown_again(sheet, told, before), Reach(sheet)
        reach.unmet(told, needs)
    return {cell: Remembered(one, reach.width(cell)) for cell, one in told.items()}


def _shown_again(sheet: Sheet, told: dict[Cell, Told], before: Before) -> dict[Cell, Told]:
    """Show what turned out not to need hiding, the greatest counts first."""
    for cell in sorted(
        (c for c, one in told.items() if one.value is None and one.count >= SMALL), key=lambda c: -told[c].count
    ):
        tried = told | {cell: tell(told[cell].count, _told(before, cell))}
        if not broken_promises(sheet, tried, before):
            told = tried
    return told


def _told(before: Before, cell: Cell) -> Told | None:
    return before[cell].told if cell in before else None


def _to_hide(sheet: Sheet, told: Mapping[Cell, Told], unmet: Mapping[Cell, Need]) -> set[Cell]:
    """More cells for each that is known too well: itself, or the smallest that is told in each sum that tells too much."""
    sums = _sums_with(sheet)
    chosen: set[Cell] = set()
    for cell, need in unmet.items():
        if told[cell].value is not None:
            chosen.add(cell)
            continue
        telling = [one for one in sums[cell] if not need.is_met(*_by_this_sum(one, cell, told))]
        for one in telling or [Sum(cell, tuple(_near(cell, sums, told)))]:
            shown = [other for other in one.cells if told[other].value is not None]
            if shown and chosen.isdisjoint(one.cells):
                chosen.add(min(shown, key=lambda other: (told[other].count, other)))
    return chosen


def _by_this_sum(one: Sum, cell: Cell, told: Mapping[Cell, Told]) -> tuple[float, float]:
    """The least and the greatest value of a cell that this sum alone allows."""
    low = {other: told[other].low for other in one.cells}
    high = {other: inf if told[other].high is None else told[other].high or 0 for other in one.cells}
    parts = [other for other in one.parts if other != cell]
    if cell == one.whole:
        return sum(low[part] for part in parts), sum(high[part] for part in parts)
    least = low[one.whole] - sum(high[part] for part in parts)
    return max(0, least), high[one.whole] - sum(low[part] for part in parts)


def _near(cell: Cell, sums: Mapping[Cell, list[Sum]], told: Mapping[Cell, Told]) -> set[Cell]:
    """The nearest cells that are told: in a sum with the cell, else in a sum with one of these, and so on."""
    seen, ring = {cell}, {cell}
    while ring:
        ring = {other for one in ring for tied in sums[one] for other in tied.cells} - seen
        seen |= ring
        if any(told[one].value is not None for one in ring):
            return ring
    return set()


def _sums_with(sheet: Sheet) -> dict[Cell, list[Sum]]:
    sums: dict[Cell, list[Sum]] = {cell: [] for cell in sheet.counts}
    for one in sheet.sums:
        for cell in one.cells:
            sums[cell].append(one)
    return sums
