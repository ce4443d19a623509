"""Name the files of runs for the SQL that reads them: temporary views of their tables, temporary tables with the rest.

Every view begins with no row of all promised columns, so that a run of older software, which lacks a column that came later, is
read too; what it lacks is empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from monitor.contracts import facts, outputs
from monitor.contracts.facts import Unit
from monitor.dictionary import Row
from monitor.publish.catalogue_rows import catalogue_rows
from monitor.run import read_manifest
from monitor.store import identifier, literal, stored_runs

_FACTS: dict[str, Unit] = {"facts_person": "person", "facts_household": "household"}


def name_runs(connection: duckdb.DuckDBPyConnection, runs: Sequence[Path]) -> None:
    """Views `temp.runs_<table>`: its rows in those of these runs that have it, if any has; tables `manifests`, `catalogues`.

    Args:
        connection: the file in the making.
        runs: run folders, named by their dates.
    """
    for name in outputs("restricted"):
        _name(connection, "runs", name, [path for run in runs if (path := run / f"{name}.parquet").is_file()])
    told = {run: read_manifest(run) for run in runs}
    names = ("as_of", "run_id", "software", "previous")
    fill(connection, "manifests", names, [tuple(manifest.get(name) for name in names) for manifest in told.values()])
    columns = [column.name for column in outputs("analyst")["catalogue"].columns]
    rows = [(manifest["as_of"], *row) for run, manifest in told.items() for row in catalogue_rows(run)]
    fill(connection, "catalogues", columns, rows)


def name_newest(connection: duckdb.DuckDBPyConnection, newest: Path) -> None:
    """Views `temp.newest_<table>`: its rows in the newest run, if that has it."""
    for name in outputs("restricted"):
        _name(connection, "newest", name, [path for path in [newest / f"{name}.parquet"] if path.is_file()])


def fill(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Make a temporary table of rows; without any its columns are text."""
    names = ", ".join(map(identifier, columns))
    values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
    source = f"(values {values})" if rows else f"(select {', '.join(['null::varchar'] * len(columns))} limit 0)"
    connection.execute(f"create or replace temp table {identifier(table)} as select * from {source} as t({names})")


def _name(connection: duckdb.DuckDBPyConnection, of: str, name: str, paths: Sequence[Path]) -> None:
    view = f"{of}_{name}"
    connection.execute(f"drop view if exists temp.{view}")
    if paths:
        promised = ", ".join(f"null::{type_} as {identifier(column)}" for column, type_ in _columns(name))
        connection.execute(
            f"create temp view {view} as (select {promised} limit 0) union all by name select * from {stored_runs(paths)}"
        )


def _columns(name: str) -> list[tuple[str, str]]:
    """(column, type) that a table of a run folder promises."""
    declared = facts(_FACTS[name]).values() if name in _FACTS else ()
    return [
        *((column.name, column.type) for column in outputs("restricted")[name].columns),
        *((fact.name, fact.sql_type) for fact in declared),
    ]
