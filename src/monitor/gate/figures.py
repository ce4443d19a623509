"""The figures of a delivery that the gate judges: counts and shares, of it alone and against the deliveries before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log
from statistics import median

from monitor.contracts import Column, Extract
from monitor.gate.profile import EARLY, LATER, NEGATIVE, Profile, together

# a delivery is compared with this many accepted ones before it
LAST_SEVERAL = 5
# nightly deltas differ a lot: fewer than this many do not make a custom
DELTAS_MAKE_A_CUSTOM = 3
# shares of fewer rows are noise; the shape of a column and a column without any value need more
SHARES_FROM_ROWS, SHAPES_FROM_ROWS = 100, 1000
Figure = tuple[str, str]


@dataclass(frozen=True)
class Delivered:
    """What is known of one accepted delivery, all its parts together.

    Attributes:
        doubled: rows whose key stands twice in it.
        reasons: why rows were quarantined: code -> rows.
        unread: optional column -> cells that could not be read.
        absent: headers of optional columns that were not sent; extra: how many columns beyond the contract were.
    """

    rows_read: int
    readable: int
    quarantined: int
    doubled: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    unread: Mapping[str, int] = field(default_factory=dict)
    absent: Sequence[str] = ()
    extra: int = 0
    profile: Profile = field(default_factory=Profile)


def figures(contract: Extract, new: Delivered, earlier: Sequence[Delivered] = ()) -> dict[Figure, float]:
    """(figure, column) -> value; the column is "" where the figure is of the whole delivery.

    A figure that cannot say anything (too few rows, nothing to compare with) is left out.

    Args:
        contract: of the extract.
        new: the delivery.
        earlier: accepted deliveries before it, in any order; at most the last several should be given.
    """
    found = {("rows_read", ""): float(new.rows_read), ("absent_columns", ""): float(len(new.absent))}
    if earlier:
        found["new_columns", ""] = float(max(0, new.extra - max(one.extra for one in earlier)))
    if new.rows_read >= SHARES_FROM_ROWS:
        found["quarantined_share", ""] = new.quarantined / new.rows_read
        found["doubled_share", ""] = new.doubled / max(new.readable, 1)
    usual = median(one.readable for one in earlier) if earlier else 0
    if usual >= SHARES_FROM_ROWS and _has_a_custom(contract, earlier):
        found["rows_against_usual", ""] = new.readable / usual
    for column in contract.columns:
        found |= {(name, column.name): value for name, value in _of_column(contract, column, new, earlier)}
    return found


def _has_a_custom(contract: Extract, earlier: Sequence[Delivered]) -> bool:
    return contract.mode == "full" or len(earlier) >= DELTAS_MAKE_A_CUSTOM


def _of_column(contract: Extract, column: Column, new: Delivered, earlier: Sequence[Delivered]) -> Iterator[tuple[str, float]]:
    if new.rows_read >= SHARES_FROM_ROWS:
        yield from _as_sent(column, new)
    spread = (new.profile.spread or {}).get(column.name, {})
    filled = sum(spread.values())
    if filled >= SHARES_FROM_ROWS:
        yield from _impossible(contract, column, spread, filled)
    before = [one.profile for one in earlier]
    rows = new.profile.rows
    if not column.required and rows >= SHAPES_FROM_ROWS:
        yield "filled_cells", float(rows - _empty(new.profile, column))
    enough = [one for one in before if one.rows >= SHARES_FROM_ROWS]
    if not column.required and rows >= SHARES_FROM_ROWS and enough:
        usual = median(_empty(one, column) / one.rows for one in enough)
        yield "empty_change", abs(_empty(new.profile, column) / rows - usual)
    if _has_a_custom(contract, earlier) and not (contract.mode == "delta" and column.kind in ("date", "month")):
        yield from _drift(spread, (together(before).spread or {}).get(column.name, {}))


def _as_sent(column: Column, new: Delivered) -> Iterator[tuple[str, float]]:
    if column.required:
        yield "missing_share", new.reasons.get(f"missing:{column.name}", 0) / new.rows_read
    if column.kind != "text":
        unread = new.reasons.get(column.reason, 0) if column.required else new.unread.get(column.name, 0)
        yield "unread_share", unread / new.rows_read


def _empty(profile: Profile, column: Column) -> int:
    return (profile.empty or {}).get(column.name, 0)


def _impossible(contract: Extract, column: Column, spread: Mapping[str, int], filled: int) -> Iterator[tuple[str, float]]:
    if column.kind in ("money", "num", "int"):
        yield "negative_share", spread.get(NEGATIVE, 0) / filled
    if column.kind in ("date", "month"):
        yield "early_share", spread.get(EARLY, 0) / filled
    if column.name in contract.dated_by:
        yield "later_share", spread.get(LATER, 0) / filled


def _drift(now: Mapping[str, int], before: Mapping[str, int]) -> Iterator[tuple[str, float]]:
    """Population stability index of the buckets, less what chance alone makes of so many rows and buckets."""
    n, m = sum(now.values()), sum(before.values())
    if min(n, m) < SHAPES_FROM_ROWS:
        return
    buckets = sorted(now.keys() | before.keys())
    p, q = _share(now, n, len(buckets)), _share(before, m, len(buckets))
    index = sum((p(b) - q(b)) * log(p(b) / q(b)) for b in buckets)
    yield "drift", max(0.0, index - (len(buckets) - 1) * (1 / n + 1 / m))


def _share(counts: Mapping[str, int], total: int, buckets: int) -> Callable[[str], float]:
    """Half a row more in each bucket: an empty one has no logarithm."""
    return lambda bucket: (counts.get(bucket, 0) + 0.5) / (total + buckets / 2)
