"""A table of counts in which much adds up: places in places, and items in items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.errors import Fault, PromiseBroken

EVERYWHERE = "all"
PREFECTURE, COUNTY = 4, 6
# (place, item)
Cell = tuple[str, str]


@dataclass(frozen=True)
class Sum:
    """A cell that is the sum of others."""

    whole: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.whole, *self.parts)


@dataclass(frozen=True)
class Outline:
    """What a table counts.

    Attributes:
        name: of its file.
        zh, en: what it is, in a sentence.
        items: item -> its Chinese name, in reading order.
        splits: (whole item, its parts); an item may be split in several ways.
        place_digits: lengths of the division codes shown, beside the total of all places.
    """

    name: str
    zh: str
    en: str
    items: Mapping[str, str]
    splits: tuple[tuple[str, tuple[str, ...]], ...]
    place_digits: tuple[int, ...] = (PREFECTURE, COUNTY)


@dataclass(frozen=True)
class Sheet:
    """A table of true counts.

    Attributes:
        outline: what it counts.
        places: codes in reading order; `all` first.
        counts: every place x item; never negative.
        sums: all that adds up.
    """

    outline: Outline
    places: tuple[str, ...]
    counts: Mapping[Cell, int]
    sums: tuple[Sum, ...]


def parts_apart(sheet: Sheet) -> list[Sheet]:
    """The pieces of a sheet that no sum ties together; what is told of one says nothing of another."""
    piece_of = {cell: {cell} for cell in sheet.counts}
    for one in sheet.sums:
        joined = set().union(*(piece_of[cell] for cell in one.cells))
        piece_of |= dict.fromkeys(joined, joined)
    pieces = {id(piece): piece for piece in piece_of.values()}.values()
    return [
        Sheet(
            sheet.outline,
            sheet.places,
            {cell: count for cell, count in sheet.counts.items() if cell in piece},
            tuple(one for one in sheet.sums if one.whole in piece),
        )
        for piece in pieces
    ]


def make_sheet(outline: Outline, places: Iterable[str], rows: Iterable[tuple[str, str, int]]) -> Sheet:
    """Add up the counts of the finest places and items.

    Args:
        outline: what is counted.
        places: the finest places, whether something is counted there or not.
        rows: (finest place, item without parts, count).

    Raises:
        PromiseBroken: an item split in two ways does not have the same sum in both, or an item is not known.
    """
    within = _within(outline, places)
    wholes = {whole for whole, _ in outline.splits}
    counts: Counter[Cell] = Counter()
    for place, item, count in rows:
        if item not in outline.items or item in wholes:
            raise PromiseBroken(
                "公开表的项目对不上。", [Fault(f"sql/public/{outline.name}.sql", item, "、".join(outline.items))]
            )
        for one in ((finest := _finest(outline, place)), *within[finest]):
            counts[one, item] += count
    known = tuple(sorted({*within, *(one for above in within.values() for one in above)}, key=_reading_order))
    splits = [Sum((place, whole), tuple((place, part) for part in parts)) for place in known for whole, parts in outline.splits]
    for split in reversed(splits):  # a part that is a whole itself is split later, so it is added up first
        counts[split.whole] = sum(counts[part] for part in split.parts)
    uneven = [split for split in splits if counts[split.whole] != sum(counts[part] for part in split.parts)]
    if uneven:
        raise PromiseBroken(
            "公开表的合计对不上。", [Fault(f"{outline.name} {'、'.join(one.whole)}", "各分项之和不一") for one in uneven]
        )
    return Sheet(
        outline,
        known,
        {(place, item): counts[place, item] for place in known for item in outline.items},
        (*splits, *_sums_of_places(outline, within)),
    )


def _within(outline: Outline, places: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Finest place -> the places around it, nearest first."""
    coarser = sorted(outline.place_digits, reverse=True)[1:]
    return {
        place: () if place == EVERYWHERE else (*(place[:digits] for digits in coarser), EVERYWHERE)
        for place in sorted({_finest(outline, place) for place in places})
    }


def _finest(outline: Outline, place: str) -> str:
    return EVERYWHERE if place == EVERYWHERE else place[: max(outline.place_digits)]


def _sums_of_places(outline: Outline, within: Mapping[str, tuple[str, ...]]) -> list[Sum]:
    inside: dict[str, set[str]] = {}
    for place, above in within.items():
        for inner, outer in zip((place, *above), above, strict=False):
            inside.setdefault(outer, set()).add(inner)
    return [
        Sum((outer, item), tuple((inner, item) for inner in sorted(inners)))
        for outer, inners in sorted(inside.items())
        for item in outline.items
    ]


def _reading_order(place: str) -> tuple[bool, str]:
    return place != EVERYWHERE, place
