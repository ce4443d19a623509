"""A reader who wants to know more: sees what was released, month after month, and the rules; shares no code with what made it.

A table is shown as place -> item -> number or None (hidden). Unknown are the counts of the finest places and items, whole
numbers of every month. All that is shown is an inequality over them; the least and the greatest of anything is an integer
programme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

Shown = Mapping[tuple[str, str], int | None]
Splits = Sequence[tuple[str, Sequence[str]]]
MOST = 100_000


@dataclass
class Attacker:
    """Knows what months in a row show of one table, and how its places and items add up.

    Attributes:
        months: what each month shows.
        splits: (whole item, parts).
    """

    months: Sequence[Shown]
    splits: Splits
    rows: list[np.ndarray[Any, Any]] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    seen: list[np.ndarray[Any, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        places = {place for place, _ in self.months[0]}
        self.finest = sorted(p for p in places if p != "all" and not any(q != p and q.startswith(p) for q in places)) or ["all"]
        # one split names the items that are counted by themselves; the others share them out again, as unknowns of their own
        wholes = {whole for whole, _ in self.splits}
        self.leaves = [item for _, item in self.months[0] if item not in wholes]
        self.leaves = list(dict.fromkeys(self.leaves))
        keys = [(m, p, i) for m in range(len(self.months)) for p in self.finest for i in self.leaves]
        self.unknown = {key: number for number, key in enumerate(keys)}
        self._tie_ways_to_split()
        for cell in self.months[0]:
            self._read(cell)

    def value(self, month: int, cell: tuple[str, str], way: int = 0) -> np.ndarray[Any, Any]:
        """A cell as a sum of unknowns."""
        place, item = cell
        row = np.zeros(len(self.unknown))
        for leaf in self._leaves_of(item, way):
            for one in self.finest:
                if place in ("all", one) or one.startswith(place):
                    row[self.unknown[month, one, leaf]] += 1
        return row

    def least_and_greatest(self, row: np.ndarray[Any, Any]) -> tuple[int, int]:
        """What an expression can be, given everything shown."""
        if not self.rows:  # nothing is shown
            return -MOST * int((row < 0).any()), MOST
        ends = []
        for sign in (1, -1):
            solved = milp(
                sign * row,
                constraints=LinearConstraint(np.array(self.rows), self.lows, self.highs),
                integrality=np.ones(len(row)),
                bounds=Bounds(0, MOST),
            )
            assert solved.x is not None, "what is shown contradicts itself"
            self.seen.append(np.rint(solved.x))
            ends.append(round(float(row @ self.seen[-1])))
        return ends[0], ends[1]

    def leaves_open(self, row: np.ndarray[Any, Any], least: int | None, greatest: int | None, width: int) -> bool:
        """Whether so much stays possible; asks tables that were found possible before it looks for others."""
        known = [round(float(row @ one)) for one in self.seen]
        if not (known and _covers(min(known), max(known), least, greatest, width)):
            known += self.least_and_greatest(row)
        return _covers(min(known), max(known), least, greatest, width)

    def _leaves_of(self, item: str, way: int = 0) -> list[str]:
        ways = [parts for whole, parts in self.splits if whole == item]
        return [leaf for part in ways[way] for leaf in self._leaves_of(part)] if ways else [item]

    def _know(self, row: np.ndarray[Any, Any], low: float, high: float) -> None:
        self.rows.append(row)
        self.lows.append(low)
        self.highs.append(high)

    def _tie_ways_to_split(self) -> None:
        for whole in {whole for whole, _ in self.splits}:
            ways = sum(one == whole for one, _ in self.splits)
            for way in range(1, ways):
                for month in range(len(self.months)):
                    for place in self.finest:
                        self._know(self.value(month, (place, whole)) - self.value(month, (place, whole), way), 0, 0)

    def _read(self, cell: tuple[str, str]) -> None:
        """The rules, as they are printed in every release."""
        made_in, last = None, None
        for month, shown in enumerate(self.months):
            value, row = shown[cell], self.value(month, cell)
            if value is None:
                continue
            least = 8 if value else 0
            if value == last:  # stands from an earlier month: has moved by less than 8 since
                self._know(row, least, np.inf)
                self._know(row - self.value(made_in, cell), -7, 7)  # type: ignore[arg-type]
                continue
            self._know(row, max(least, value - 2), value + 2)
            if last is not None:  # is told anew: has moved by at least 8
                moved = row - self.value(made_in, cell)  # type: ignore[arg-type]
                self._know(moved, *((8, np.inf) if value > last else (-np.inf, -8)))
            made_in, last = month, value


def learnt(months: Sequence[Shown], true: Sequence[Mapping[tuple[str, str], int]], splits: Splits) -> list[str]:
    """Which small counts, and which small changes from one month to the next, are known better than 0 to 7 and eight values."""
    attacker, found = Attacker(months, splits), []
    for month, counts in enumerate(true):
        for cell, count in counts.items():
            row = attacker.value(month, cell)
            if count < 8 and not attacker.leaves_open(row, 0, 7, 7):
                found.append(f"month {month}: {cell}")
            if month and abs(count - true[month - 1][cell]) < 8:
                change = row - attacker.value(month - 1, cell)
                if not attacker.leaves_open(change, None, None, 7):
                    found.append(f"change to month {month}: {cell}")
    return found


def _covers(least: int, greatest: int, low: int | None, high: int | None, width: int) -> bool:
    return (low is None or least <= low) and (high is None or greatest >= high) and greatest - least >= width
