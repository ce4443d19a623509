"""Run the SQL files of a layer: one file, one SELECT, one table; the order is learnt from what each file reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import duckdb

from monitor.contracts import outputs
from monitor.errors import Fault, PromiseBroken
from monitor.store import identifier, literal, write_parquet

SQL: Final = Path(str(files("monitor"))) / "sql"
# a file whose head comment begins so is not stored: it is read by column, a few times, and costs less to make again
VIEW_MARK: Final = "-- View."
# a table whose file begins so is read by its own layer only, and makes room when that is done
PASSING_MARK: Final = "-- Passing."
# a file whose head comment begins so makes a row of each row of a large table: it is made in slices of that table's key, and
# its rows lie in the order of the key. Joins and order of one slice fit into memory where those of all rows do not
SLICED_MARK: Final = re.compile(r"-- Sliced by (?P<key>\w+) of (?P<table>\w+\.\w+)\.")
# whole row groups of the database, so that they are the same as if all rows had been stored at once
ROWS_AT_ONCE: Final = 48 * 122_880


def run_layer(
    connection: duckdb.DuckDBPyConnection, layer: str, *, prefix: str = "", views: bool = False, order_by: str = ""
) -> list[str]:
    """Build every table of a layer.

    Args:
        connection: the working database.
        layer: folder below `sql/`, and the schema of its tables. Sub-folders only sort the files.
        prefix: build only files whose name starts with it.
        views: make views instead of tables.
        order_by: a column of every table made, in whose order its rows are stored; as they come when not given.

    Returns:
        the tables built, in order: what is read before what reads it, else by name.

    Raises:
        PromiseBroken: files read each other in a circle, cannot be parsed, or two have one name.
    """
    texts = {path.stem: path.read_text(encoding="utf-8") for path in layer_files(layer, prefix)}
    reads = {name: _reads_of_layer(connection, layer, name, text) & texts.keys() for name, text in texts.items()}
    built = []
    for name in _in_order(layer, reads):
        sliced = SLICED_MARK.match(texts[name])
        if sliced and not views:
            _make_sliced(connection, f"{layer}.{name}", texts[name], sliced["table"], sliced["key"])
        else:
            kind = "view" if views or texts[name].startswith(VIEW_MARK) else "table"
            select = f"from ({texts[name]}) order by {identifier(order_by)}" if order_by and kind == "table" else texts[name]
            connection.execute(f"create or replace {kind} {layer}.{name} as {select}")
        built.append(f"{layer}.{name}")
    for name in (name for name, text in texts.items() if text.startswith(PASSING_MARK)):
        connection.execute(f"drop table {layer}.{name}")
    return built


def key_slices(connection: duckdb.DuckDBPyConnection, table: str, key: str, rows: int) -> list[tuple[int, int]]:
    """Key ranges that cover a table, of equally many rows each but the last."""
    return connection.execute(
        f"select min({key}), max({key}) from (select {key}, (row_number() over (order by {key}) - 1) // {rows} as slice "
        f"from {table}) group by slice order by slice"
    ).fetchall()


def _make_sliced(connection: duckdb.DuckDBPyConnection, made: str, text: str, table: str, key: str) -> None:
    connection.execute(f"create or replace table {made} as from ({text}) limit 0")
    for low, high in key_slices(connection, table, key, ROWS_AT_ONCE):
        connection.execute(f"insert into {made} from ({text}) where {key} between {low} and {high} order by {key}")


def write_outputs(connection: duckdb.DuckDBPyConnection, sources: Mapping[str, str], folder: Path) -> None:
    """Write files of a run folder: the promised columns in their types, ordered by their keys.

    Args:
        connection: the working database.
        sources: what stands behind `from` -> file without its ending (`schemas/outputs/restricted`).
        folder: the run folder in the making.
    """
    for source, name in sources.items():
        promised = outputs("restricted")[name]
        columns = ", ".join(f"cast({identifier(c.name)} as {c.type}) as {identifier(c.name)}" for c in promised.columns)
        select = f"select {columns} from {source} order by {', '.join(promised.key)}"
        write_parquet(connection, select, folder / f"{name}.parquet")


def layer_files(layer: str, prefix: str = "") -> list[Path]:
    """The SQL files of a layer whose name starts with `prefix`, by name.

    Raises:
        PromiseBroken: two files would make the same table.
    """
    paths = sorted((SQL / layer).rglob(f"{prefix}*.sql"), key=lambda path: (path.stem, path))
    doubled = {a.stem for a, b in pairwise(paths) if a.stem == b.stem}
    if doubled:
        raise PromiseBroken(
            "Two SQL files make one table.", [Fault(f"sql/{layer}/{name}.sql", "is there twice") for name in doubled]
        )
    return paths


def tables_read(connection: duckdb.DuckDBPyConnection, text: str) -> set[tuple[str, str]]:
    """The (schema, table) pairs that a SELECT reads, by DuckDB's own parser; CTE names have no schema and are left out.

    Raises:
        ValueError: the text is not one SELECT.
    """
    row = connection.execute(f"select json_serialize_sql({literal(text.strip().rstrip(';'))})").fetchone()
    assert row is not None
    tree = json.loads(row[0])
    if tree["error"]:
        raise ValueError(tree["error_message"])
    return {(n["schema_name"], n["table_name"]) for n in nodes(tree) if n.get("type") == "BASE_TABLE" and n["schema_name"]}


def _reads_of_layer(connection: duckdb.DuckDBPyConnection, layer: str, name: str, text: str) -> set[str]:
    try:
        return {table for schema, table in tables_read(connection, text) if schema == layer}
    except ValueError as error:
        raise PromiseBroken("An SQL file is not one SELECT.", [Fault(f"sql/{layer}/{name}.sql", str(error))]) from None


def _in_order(layer: str, reads: Mapping[str, set[str]]) -> Iterator[str]:
    order = TopologicalSorter(reads)
    try:
        order.prepare()
    except CycleError as error:
        circle = " <- ".join(error.args[1])
        raise PromiseBroken("SQL files read each other in a circle.", [Fault(f"sql/{layer}", circle)]) from None
    while order.is_active():
        ready = sorted(order.get_ready())
        yield from ready
        order.done(*ready)


def nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """The tree of a statement, as DuckDB serialises it, and every object in it."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value)
