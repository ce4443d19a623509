"""Deliveries as counts only, for tests of the gate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from monitor.contracts import extracts
from monitor.gate import Asked, Delivered, Profile, figures, inspect

ROWS = 2000


def as_usual(name: str, rows: int = ROWS, **changed: Any) -> Delivered:
    """A delivery with nothing wrong: every column half empty where it may be, values in two buckets."""
    contract = extracts()[name]
    optional = {c.name for c in contract.columns if not c.required}
    spread = {}
    for column in contract.columns:
        filled = rows // 2 if column.name in optional else rows
        if column.kind not in ("id", "text"):
            spread[column.name] = {"3": filled // 2, "5": filled - filled // 2}
    profile = Profile(rows, 0, dict.fromkeys(optional, rows - rows // 2), spread)
    return Delivered(**({"rows_read": rows, "readable": rows, "quarantined": 0, "profile": profile} | changed))


def doubted(name: str, new: Delivered, earlier: Sequence[Delivered] = ()) -> list[tuple[str, str]]:
    """(figure, column) of every doubt about a delivery."""
    return [(d.figure, d.column) for d in inspect([Asked(name, figures(extracts()[name], new, earlier))])]
