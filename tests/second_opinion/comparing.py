"""Two opinions on the same records: the SQL's and the plain one. What differs is a fault in one of them."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from given import core_of
from opinion import World, all_facts

import monitor.parameters
from monitor.contracts import extracts
from monitor.contracts.facts import facts
from monitor.facts import build_facts
from monitor.parameters import resolve_parameters

Rows = Mapping[str, list[dict[str, Any]]]
Delivered = Mapping[str, date | None]
BySubject = dict[str, dict[str, Any]]


def differences(rows: Rows, delivered: Delivered, as_of: date) -> list[str]:
    """Every fact on which the two opinions on some records differ.

    Args:
        rows: extract -> records in force, with `_delivered_on`, in the order of their file.
        delivered: extract -> day of its newest accepted delivery, None if there is none.
    """
    return differences_in(built(rows, delivered, as_of), rows, delivered, as_of)


def differences_in(connection: duckdb.DuckDBPyConnection, rows: Rows, delivered: Delivered, as_of: date) -> list[str]:
    """The same of a database that holds the facts already: lines `unit subject fact: SQL <> plain`."""
    pairs = (
        ("person", _table(connection, "facts.person f join core.person c using (person)", "c.id_no")),
        ("household", _table(connection, "facts.household f join core.household c using (household)", "c.household_id")),
    )
    plain = dict(zip(("person", "household"), plain_facts(rows, delivered, as_of), strict=True))
    return [line for unit, sql in pairs for line in _differing(unit, sql, plain[unit])]


def built(rows: Rows, delivered: Delivered, as_of: date) -> duckdb.DuckDBPyConnection:
    """The working database of a night over these records, up to the facts."""
    days = {name: day.isoformat() if day else None for name, day in delivered.items()}
    connection = core_of(_without_order(rows), delivered=days, as_of=as_of.isoformat())
    resolve_parameters(connection, as_of)
    build_facts(connection)
    return connection


def plain_facts(rows: Rows, delivered: Delivered, as_of: date) -> tuple[BySubject, ...]:
    """The second opinion on the same records."""
    stale = {name for name, e in extracts().items() if _is_stale(delivered.get(name), e.late_after, as_of)}
    needs = ({name: fact.needs for name, fact in facts(unit).items()} for unit in ("person", "household"))
    return all_facts(world_of(rows, delivered, as_of), *needs, stale)


def world_of(rows: Rows, delivered: Delivered, as_of: date) -> World:
    """The same records as the plain opinion takes them."""
    return World(as_of, rows, delivered, parameter_on(as_of))


def _is_stale(day: date | None, late_after: int, as_of: date) -> bool:
    return day is None or (as_of - day).days > late_after


def _without_order(rows: Rows) -> Rows:
    return {name: [{k: v for k, v in row.items() if k != "_order"} for row in records] for name, records in rows.items()}


def _table(connection: duckdb.DuckDBPyConnection, source: str, key: str) -> BySubject:
    relation = connection.execute(f"select {key} as subject, f.* from {source}")
    names = [column[0] for column in relation.description or ()]
    return {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in relation.fetchall()}


def _differing(unit: str, sql: BySubject, plain: BySubject) -> Iterable[str]:
    for subject in sorted(sql.keys() ^ plain.keys()):
        yield f"{unit} {subject}: known to {'the SQL' if subject in sql else 'the plain opinion'} only"
    for subject in sorted(sql.keys() & plain.keys()):
        for name in facts(unit):  # type: ignore[arg-type]
            left, right = sql[subject][name], plain[subject][name]
            if left != right:
                yield f"{unit} {subject} {name}: {left} <> {right}"


@cache
def _parameter_rows() -> tuple[dict[str, str], ...]:
    folder = Path(monitor.parameters.__file__).parent
    found = []
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as source:
            found += [{**row, "parameter": path.stem} for row in csv.DictReader(source)]
    return tuple(found)


def parameter_on(as_of: date) -> Callable[[str, str, str], Decimal]:
    """(parameter, village or region code, area kind) -> the value in force on a day."""

    @cache
    def value(name: str, code: str, area: str) -> Decimal:
        fitting = [
            (len(region), row["valid_from"], row["area_kind"] != "any", row["value"])
            for row in _parameter_rows()
            if row["parameter"] == name and row["area_kind"] in ("any", area) and row["valid_from"] <= as_of.isoformat()
            for region in ("" if row["region_code"] == "00" else row["region_code"],)
            if code.startswith(region)
        ]
        return Decimal(max(fitting)[-1])

    return value
