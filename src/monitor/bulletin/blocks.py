"""What a page is made of. A chart is a table whose rows carry marks, so whoever cannot see it reads its numbers.

Marks are laid out in per cent of a strip of any width: text is never part of a picture and keeps its size on a telephone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True)
class Mark:
    """A piece of a strip: where it begins and how wide it is, in per cent; its look is a class of the style sheet."""

    x: str
    width: str
    look: str


@dataclass(frozen=True)
class Row:
    """A line of a table: label, what stands small below it, numbers, and the strip under the label.

    Attributes:
        page: code of the place whose page the label leads to.
    """

    label: str
    cells: tuple[str, ...] = ()
    note: str = ""
    marks: tuple[Mark, ...] = ()
    page: str = ""


@dataclass(frozen=True)
class Table:
    """A chart or plain table.

    Attributes:
        title: what it says, in a sentence.
        head: heading of the label, then of every cell.
        rows: always shown.
        more: shown when asked for; `more_title` says what.
        legend: (look, meaning).
        note: how to read it.
        shape: `wide` takes the whole width, `tall` leaves room for two others beside it.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    more: tuple[Row, ...] = ()
    more_title: str = ""
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""
    shape: Literal["", "wide", "tall"] = ""
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Bar:
    """A piece of a column: in per cent of the picture, from its top left."""

    x: str
    y: str
    width: str
    height: str
    look: str


@dataclass(frozen=True)
class Columns:
    """Nights from left to right.

    Attributes:
        title: what it says.
        summary: the same for those who do not see it: first, last, highest.
        bars: the picture; `base` is where its zero lies, in per cent from the top.
        top, bottom: what the upper and the lower end of the picture stand for; empty = nothing.
        nights: names of the nights below the picture: of all when they are few, else of the first and the last.
        head, rows: the numbers.
    """

    title: str
    summary: str
    bars: tuple[Bar, ...]
    base: str
    top: str
    bottom: str
    nights: tuple[str, ...]
    head: tuple[str, ...]
    rows: tuple[Row, ...]
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""
    kind: Literal["columns"] = "columns"


@dataclass(frozen=True)
class Tile:
    """A place on the tile map: position (0 = wherever there is room), shade 0 (nothing known) to 5."""

    label: str
    value: str
    shade: int
    row: int = 0
    column: int = 0
    page: str = ""
    title: str = ""


@dataclass(frozen=True)
class Tiles:
    """A map of equal tiles."""

    title: str
    tiles: tuple[Tile, ...]
    is_placed: bool
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""
    kind: Literal["tiles"] = "tiles"


@dataclass(frozen=True)
class Words:
    """A sentence where there is nothing to draw."""

    title: str
    note: str = ""
    kind: Literal["words"] = "words"


# a column of a picture with few nights is no wall, in per cent of the width
_THICKEST = 9

Block = Table | Columns | Tiles | Words


@dataclass(frozen=True)
class Section:
    """A heading and its blocks; `source` says where the numbers come from."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    source: str = ""


@dataclass(frozen=True)
class Figure:
    """A number that matters, large; `tone` marks what asks for action."""

    label: str
    value: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Stack:
    """What stands in one column of a picture: (look, number), the lowest first; `below` hangs under zero."""

    night: date
    above: tuple[tuple[str, int], ...]
    below: tuple[tuple[str, int], ...] = field(default=())


def count(number: int) -> str:
    """With thousands separators."""
    return f"{number:,}"


def percent(share: Decimal | float | None) -> str:
    """Whole per cent; a dash when there is none. What is neither nothing nor everything never looks as if it were."""
    if share is None:
        return "—"
    whole = f"{share * 100:.0f}%"
    return ">99%" if whole == "100%" and share < 1 else "<1%" if whole == "0%" and share > 0 else whole


def stacked(parts: Sequence[tuple[str, int]], whole: int) -> tuple[Mark, ...]:
    """Pieces one after the other, the strip standing for `whole`."""
    marks, at = [], 0
    for look, number in parts:
        if number and whole:
            marks.append(Mark(_share(at, whole), _share(number, whole), look))
        at += number
    return tuple(marks)


def interval(low: Decimal, share: Decimal, high: Decimal) -> tuple[Mark, ...]:
    """The range of an interval and a stroke where the estimate lies; the strip goes from 0 to 100 %."""
    stroke = Decimal(min(max(share * 100 - Decimal("0.5"), Decimal(0)), Decimal(99)))
    return (
        Mark("0", "100", "scale"),
        Mark(f"{low * 100:.2f}", f"{(high - low) * 100:.2f}", "range"),
        Mark(f"{stroke:.2f}", "1", "stroke"),
    )


def bars_of(stacks: Sequence[Stack]) -> tuple[tuple[Bar, ...], str, int, int]:
    """The picture of columns.

    Returns:
        bars, where zero lies (per cent from the top), and what the upper and the lower end stand for.
    """
    top = max((sum(n for _, n in stack.above) for stack in stacks), default=0)
    bottom = max((sum(n for _, n in stack.below) for stack in stacks), default=0)
    whole, bars = max(top + bottom, 1), []
    step = 100 / max(len(stacks), 1)
    thick = min(step * 0.76, _THICKEST)
    for number, stack in enumerate(stacks):
        x, width = f"{(number + 0.5) * step - thick / 2:.2f}", f"{thick:.2f}"
        at = top
        for look, cases in stack.above:
            at -= cases
            bars.append(Bar(x, _share(at, whole), width, _share(cases, whole), look))
        at = top
        for look, cases in stack.below:
            bars.append(Bar(x, _share(at, whole), width, _share(cases, whole), look))
            at += cases
    return tuple(bar for bar in bars if bar.height != "0.00"), _share(top, whole), top, bottom


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}"
