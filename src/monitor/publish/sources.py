"""Name the files of runs for the SQL that reads them: variables with their paths, temporary tables with the rest.

Every list of files begins with an empty one that has all promised columns, so that a run of older software, which lacks a table
or a column that came later, is read too; what it lacks is empty.
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
from monitor.store import identifier, literal, literals

_FACTS: dict[str, Unit] = {"facts_person": "person", "facts_household": "household"}


def write_shapes(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write `<table>.parquet` without a row, for every table of a run folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in outputs("restricted").items():
        columns = [(column.name, column.type) for column in table.columns]
        columns += [(fact.name, fact.sql_type) for fact in facts(_FACTS[name]).values()] if name in _FACTS else []
        select = ", ".join(f"cast(null as {type_}) as {identifier(column)}" for column, type_ in columns)
        connection.execute(f"copy (select {select} limit 0) to {literal(str(folder / f'{name}.parquet'))} (format parquet)")


def name_runs(connection: duckdb.DuckDBPyConnection, runs: Sequence[Path], shapes: Path) -> None:
    """Variables `<table>`: its file in every one of these runs that has it, null if none has; `manifests`, `catalogues`.

    Args:
        connection: the file in the making.
        runs: run folders, named by their dates.
        shapes: where `write_shapes` wrote.
    """
    for name in outputs("restricted"):
        there = [str(path) for run in runs if (path := run / f"{name}.parquet").is_file()]
        _name(connection, name, [str(shapes / f"{name}.parquet"), *there] if there else [])
    told = {run: read_manifest(run) for run in runs}
    names = ("as_of", "run_id", "software", "previous")
    fill(connection, "manifests", names, [tuple(manifest.get(name) for name in names) for manifest in told.values()])
    columns = [column.name for column in outputs("analyst")["catalogue"].columns]
    rows = [(manifest["as_of"], *row) for run, manifest in told.items() for row in catalogue_rows(run)]
    fill(connection, "catalogues", columns, rows)


def name_newest(connection: duckdb.DuckDBPyConnection, newest: Path, shapes: Path) -> None:
    """Variables `newest_<table>`: its file in the newest run, null if that has none."""
    for name in outputs("restricted"):
        path = newest / f"{name}.parquet"
        _name(connection, f"newest_{name}", [str(shapes / path.name), str(path)] if path.is_file() else [])


def fill(connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Make a temporary table of rows; without any its columns are text."""
    names = ", ".join(map(identifier, columns))
    values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
    source = f"(values {values})" if rows else f"(select {', '.join(['null::varchar'] * len(columns))} limit 0)"
    connection.execute(f"create or replace temp table {identifier(table)} as select * from {source} as t({names})")


def _name(connection: duckdb.DuckDBPyConnection, variable: str, paths: list[str]) -> None:
    connection.execute(f"set variable {variable} = {literals(paths) if paths else 'null'}")
