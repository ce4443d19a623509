"""How far each count may lie from the true one without anything that is told becoming untrue.

The reader's best attack is an integer programme: all cells of a table, bounded by what is told of each, tied by all that adds
up; the least and the greatest value that a cell can take are all that can be learnt of it. HiGHS (scipy) solves it. Each
solution is a whole table that could be the true one; it is checked in whole numbers before it counts, so a fault of the solver
can only make us hide more, never less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from monitor.public.sheet import Cell, Sheet
from monitor.public.telling import Told

# seconds for one programme; what is not solved in time counts as not reached
_SECONDS = 20.0
_Table = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Need:
    """What must stay possible: values down to `low` and up to `high`, and at least `width` from the least to the greatest."""

    low: int | None = None
    high: int | None = None
    width: int = 0

    def is_met(self, least: float, greatest: float) -> bool:
        return (
            (self.low is None or least <= self.low)
            and (self.high is None or greatest >= self.high)
            and greatest - least >= self.width
        )


class Reach:
    """The least and the greatest value of every cell that have been found possible so far."""

    def __init__(self, sheet: Sheet) -> None:
        self.cells = list(sheet.counts)
        self._place = {cell: number for number, cell in enumerate(self.cells)}
        truth = np.array([sheet.counts[cell] for cell in self.cells], dtype=np.int64)
        self._least, self._greatest = truth.copy(), truth.copy()
        self._sums = self._matrix(sheet)
        self._cap = 4 * int(truth.max(initial=0)) + 100  # a hidden cell has no upper end; less than that only hides more

    def width(self, cell: Cell) -> int:
        """From the least to the greatest value found so far."""
        place = self._place[cell]
        return int(self._greatest[place] - self._least[place])

    def unmet(self, told: Mapping[Cell, Told], needs: Mapping[Cell, Need]) -> list[Cell]:
        """The cells whose need is not met. What was found possible earlier must still be: nothing may be told that was not.

        Args:
            told: what is told of every cell.
            needs: by cell; cells without a need are not looked at.
        """
        bounds = self._bounds(told)
        for sign in (1, -1):
            self._solve(bounds, [self._place[cell] for cell in self._open(needs)], sign)
        for cell in self._open(needs):
            for sign in (1, -1):
                if not self._is_met(cell, needs[cell]):
                    self._solve(bounds, [self._place[cell]], sign)
        return self._open(needs)

    def _open(self, needs: Mapping[Cell, Need]) -> list[Cell]:
        return [cell for cell, need in needs.items() if not self._is_met(cell, need)]

    def _is_met(self, cell: Cell, need: Need) -> bool:
        place = self._place[cell]
        return need.is_met(int(self._least[place]), int(self._greatest[place]))

    def _bounds(self, told: Mapping[Cell, Told]) -> tuple[_Table, _Table]:
        low = np.array([told[cell].low for cell in self.cells], dtype=np.int64)
        ends = (told[cell].high for cell in self.cells)
        return low, np.array([self._cap if end is None else end for end in ends], dtype=np.int64)

    def _solve(self, bounds: tuple[_Table, _Table], places: Iterable[int], sign: int) -> None:
        """Find the table in which the sum of these cells is greatest (1) or least (-1), and remember what it shows possible."""
        goal = np.zeros(len(self.cells))
        goal[list(places)] = -sign
        if not goal.any():
            return
        solved = milp(
            goal,
            constraints=LinearConstraint(self._sums, 0, 0),
            integrality=np.ones(len(self.cells)),
            bounds=Bounds(*bounds),
            options={"time_limit": _SECONDS},
        )
        if solved.x is None:
            return
        table = np.rint(solved.x).astype(np.int64)
        if (table >= bounds[0]).all() and (table <= bounds[1]).all() and not (self._sums @ table).any():
            self._least, self._greatest = np.minimum(self._least, table), np.maximum(self._greatest, table)

    def _matrix(self, sheet: Sheet) -> csr_array:
        """A row per sum: its parts, less the whole."""
        rows = [number for number, one in enumerate(sheet.sums) for _ in one.cells]
        columns = [self._place[cell] for one in sheet.sums for cell in one.cells]
        signs = [sign for one in sheet.sums for sign in (-1, *(1 for _ in one.parts))]
        return csr_array((signs, (rows, columns)), shape=(len(sheet.sums), len(self.cells)), dtype=np.int64)
