"""An analyst file of hand-made rows: a test says only the cells it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from monitor.contracts import outputs
from monitor.dictionary import promised_columns
from monitor.publish.content import make_tables, replace_newest
from monitor.publish.reference import describe
from monitor.query import answers_to, find_recipe
from monitor.settings import Settings
from monitor.store import SCHEMAS, connect, identifier

Row = Mapping[str, Any]
COUNTY, TOWN, VILLAGE = "530622", "530622001", "530622002"
FIRST, LAST = "2026-11-18", "2026-11-19"
# what is in force on the newest night
NUMBERS = [
    {"as_of": LAST, "parameter": "dibao_month_yuan", "region_code": "53", "area_kind": "rural", "value": 560},
    {"as_of": LAST, "parameter": "dibao_month_yuan", "region_code": "53", "area_kind": "urban", "value": 744},
    {"as_of": LAST, "parameter": "low_margin_multiple", "region_code": "00", "area_kind": "any", "value": "1.5"},
]


def empty_file(folder: Path) -> duckdb.DuckDBPyConnection:
    """Every table and view of the analyst file, in memory, without a run."""
    connection = connect(None, Settings(threads=1))
    for schema in SCHEMAS:
        connection.execute(f"drop schema {schema}")
    make_tables(connection, "by hand")
    replace_newest(connection, folder / "no run")
    describe(connection)
    return connection


def given(connection: duckdb.DuckDBPyConnection, rows: Mapping[str, Sequence[Row]]) -> None:
    """Add rows to tables; what a row leaves out is empty. `first_said.<table>` means a run that was replaced."""
    for name, records in rows.items():
        schema, _, table = name.rpartition(".")
        known = {column.name for column in promised_columns(outputs("analyst")[table])}
        for record in records:
            if set(record) - known:
                raise KeyError(f"{table} has no column {sorted(set(record) - known)}")
            target = f"{'replaced' if schema else 'main'}.{identifier(table)}"
            columns, marks = ", ".join(map(identifier, record)), ", ".join("?" for _ in record)
            connection.execute(f"insert into {target} ({columns}) values ({marks})", list(record.values()))


def case(as_of: str, number: str, **cells: object) -> dict[str, object]:
    """One case on one night; a visit of the first town unless told otherwise."""
    return {
        "as_of": as_of, "case_no": number, "kind": "visit", "subject": f"h-{number}", "household": f"h-{number}",
        "county": COUNTY, "township": TOWN, "colour": "orange", "points": 5, "state": "continuing", "first_seen": FIRST,
        "indicators": "INC-001", **cells,
    }  # fmt: skip


def asked(connection: duckdb.DuckDBPyConnection, name: str, **parameters: str) -> list[dict[str, Any]]:
    """The answer of a recipe, a dict per row; dates and numbers as text or as they are."""
    recipe = find_recipe(name)
    recipe.must_have(parameters)
    (answer,) = answers_to(connection, recipe.text, parameters)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def picked(rows: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    """Some columns of every row; decimals as floats, days as text."""
    return [tuple(_plain(row[column]) for column in columns) for row in rows]


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else float(value)
