"""Write the night's lists: visits for townships, reviews and supervision for the county office only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from monitor.lists.files import write_files
from monitor.privacy import make_mask_macro, make_visit_code_macro
from monitor.store import literal
from monitor.transform import run_layer
from monitor.vocabulary import COLOUR_ZH, LEVEL_ZH, POINTS, STATE_ZH


@dataclass(frozen=True)
class ListSummary:
    """What was written.

    Attributes:
        files: lists of visits and of reviews, and supervision lists.
        listed: cases on a list.
        visits, audits, reviews, supervision: lines by kind.
        left_off: why -> open cases that are on no list.
    """

    files: int
    listed: int
    visits: int
    audits: int
    reviews: int
    supervision: int
    left_off: dict[str, int]


def write_lists(
    connection: duckdb.DuckDBPyConnection,
    outbox: Path,
    as_of: date,
    routes: Mapping[str, str],
    asks: Mapping[str, str],
    key: bytes,
) -> ListSummary:
    """Write `<county>/<township>.csv`, `<county>/reviews/<township>.csv` and `<county>/supervision.csv` below `outbox`.

    Args:
        connection: the working database after cases were opened.
        outbox: folder of the night's lists.
        as_of: the date of the night.
        routes: indicator -> what the visit may lead to.
        asks: indicator -> what to ask.
        key: of this installation; signs the code (核验码) that each row carries.
    """
    connection.execute("create schema if not exists lists")
    _make_table(connection, "colour(colour, zh)", [(colour.value, zh) for colour, zh in COLOUR_ZH.items()])
    _make_table(connection, "state(state, zh)", [(state.value, zh) for state, zh in STATE_ZH.items()])
    _make_table(connection, "level(level, points, zh)", [(lv.value, POINTS[lv], zh) for lv, zh in LEVEL_ZH.items()])
    codes = sorted({*routes, *asks})
    _make_table(connection, "indicator_text(indicator, route, ask)", [(c, routes.get(c), asks.get(c)) for c in codes])
    make_mask_macro(connection)
    make_visit_code_macro(connection, key, as_of)
    run_layer(connection, "lists")
    outbox.mkdir(parents=True, exist_ok=True)
    files = write_files(connection, "lists.case_row", outbox) + write_files(connection, "lists.supervision_row", outbox)
    counts = dict(
        connection.execute("select kind, count(*) from cases.listed join cases.case using (case_no) group by kind").fetchall()
    )
    left_off = connection.execute("select why, count(*) from cases.left_off group by why order by why").fetchall()
    return ListSummary(
        files=files,
        listed=sum(counts.values()),
        visits=counts.get("visit", 0),
        audits=counts.get("audit", 0),
        reviews=counts.get("review", 0),
        supervision=connection.execute("select count(*) from lists.supervision_row").fetchall()[0][0],
        left_off=dict(left_off),
    )


def _make_table(connection: duckdb.DuckDBPyConnection, declaration: str, rows: Sequence[tuple[str | int | None, ...]]) -> None:
    """A small table of words; without rows its columns are text."""
    name, _, columns = declaration.partition("(")
    width = columns.count(",") + 1
    values = ", ".join(f"({', '.join(literal(value) for value in row)})" for row in rows)
    source = f"(values {values})" if rows else f"(select {', '.join(['null::varchar'] * width)} limit 0)"
    connection.execute(f"create or replace table lists.{name} as select * from {source} as t({columns}")
