"""Counts over the rows of one landed file: how many cells are empty, how values spread, how many keys stand twice.

A profile holds no value of anybody: codes of the contract's lists, counties, and orders of magnitude, each with a count.
It is made once, in one pass per column, and kept beside the landing file.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import duckdb

from monitor.contracts import Column, Extract
from monitor.store import identifier, literal, write_json

PROFILE = 1  # raise it when the same rows would be counted differently
LATER, EARLY, NEGATIVE, ZERO = "later", "early", "negative", "zero"
# orders of magnitude are small numbers; what is none of them gets one out of their reach
_NAMED = {1000: LATER, 1001: EARLY, 1002: NEGATIVE, 1003: ZERO}
_OTHER = "other"
_MOST_BUCKETS = 4000
_KEYS_COMPARED = 2_000_000


@dataclass(frozen=True)
class Profile:
    """What was counted.

    Attributes:
        rows: readable rows.
        doubled: of them, those whose key stands in the same file already (estimated from a share of all keys in files of
            more than two million rows).
        empty: optional column -> empty cells.
        spread: column -> bucket -> filled cells. Buckets are codes, truth values, counties (6 digits), and powers of two: of
            days before the delivery, or of amounts; `later` than the delivery, `early` (before 1900), `negative`, `zero`.
    """

    rows: int = 0
    doubled: int = 0
    empty: dict[str, int] | None = None
    spread: dict[str, dict[str, int]] | None = None


def kept_profile(
    connection: duckdb.DuckDBPyConnection, contract: Extract, relation: str, day: date, path: Path, made_under: str
) -> Profile:
    """The profile of a landed file, made now if it was not made before.

    Args:
        connection: any; nothing is left in it.
        contract: of the extract.
        relation: what stands behind FROM: the rows of the landing file.
        day: of the delivery.
        path: where the profile is kept.
        made_under: contract and reader of the landing; a profile of another landing is made anew.
    """
    mark = f"{PROFILE}-{made_under}"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values.pop("made_under") == mark:
            return Profile(**values)
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        pass  # half a profile is none
    made = profile(connection, contract, relation, day)
    write_json(path, {**asdict(made), "made_under": mark})
    return made


def profile(connection: duckdb.DuckDBPyConnection, contract: Extract, relation: str, day: date) -> Profile:
    """Count; memory does not grow with the rows."""
    optional = [c for c in contract.columns if not c.required]
    counts = ", ".join(["count(*)", *(f"count({identifier(_stored(c))})" for c in optional)])
    rows, *filled = _row(connection, f"select {counts} from {relation}")
    empty = {c.name: rows - count for c, count in zip(optional, filled, strict=True)}
    spread = {c.name: _spread(connection, c, relation, day) for c in contract.columns if c.kind not in ("id", "text")}
    return Profile(rows, _doubled(connection, contract, relation, rows), empty, spread)


def together(profiles: Iterable[Profile]) -> Profile:
    """The profile of several files as if they were one; keys that stand in two of them are not seen."""
    rows = doubled = 0
    empty: Counter[str] = Counter()
    spread: dict[str, Counter[str]] = {}
    for one in profiles:
        rows, doubled = rows + one.rows, doubled + one.doubled
        empty.update(one.empty or {})
        for column, counts in (one.spread or {}).items():
            spread.setdefault(column, Counter()).update(counts)
    return Profile(rows, doubled, dict(empty), {column: dict(counts) for column, counts in spread.items()})


def _row(connection: duckdb.DuckDBPyConnection, select: str) -> tuple[int, ...]:
    row = connection.execute(select).fetchone()
    assert row is not None
    return row


def _stored(column: Column) -> str:
    return f"{column.name}_key" if column.kind == "id" else column.name


def _spread(connection: duckdb.DuckDBPyConnection, column: Column, relation: str, day: date) -> dict[str, int]:
    name = identifier(column.name)
    counted = connection.execute(
        f"select {_bucket(column, day)} as bucket, count(*) as n from {relation} where {name} is not null"
        " group by bucket order by n desc, bucket"
    ).fetchall()
    spread = {_NAMED.get(bucket, str(bucket)): n for bucket, n in counted[:_MOST_BUCKETS]}
    rest = sum(n for _, n in counted[_MOST_BUCKETS:])
    return spread | ({_OTHER: rest} if rest else {})


def _bucket(column: Column, day: date) -> str:
    """A small number or a short text that says roughly what stands in a cell."""
    name = identifier(column.name)
    if column.kind == "village":
        return f"left({name}, 6)"
    if column.kind in ("code", "bool"):
        return f"cast({name} as varchar)"
    if column.kind in ("date", "month"):
        days = f"{literal(day)} - {name}"
        power = f"cast(floor(log2(1 + ({days}))) as integer)"
        return f"case when {name} > {literal(day)} then 1000 when {name} < date '1900-01-01' then 1001 else {power} end"
    power = f"cast(floor(log2(cast({name} as double))) as integer)"
    return f"case when {name} < 0 then 1002 when {name} = 0 then 1003 else {power} end"


def _doubled(connection: duckdb.DuckDBPyConnection, contract: Extract, relation: str, rows: int) -> int:
    """Rows whose key stands there already. Of many keys only those are compared whose hash falls into one of `share` parts."""
    key = ", ".join(identifier(_stored(contract.column(name))) for name in contract.key)
    share = 1
    while rows > share * _KEYS_COMPARED:
        share *= 2
    compared, different = _row(
        connection,
        f"select count(*), count(distinct h) from (select hash({key}) as h from {relation}) where h % {share} = 0",
    )
    return (compared - different) * share
