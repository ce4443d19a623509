"""Run the SQL files of a layer: one file, one SELECT, one table; the order is learnt from what each file reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import duckdb

from monitor.errors import Fault, PromiseBroken
from monitor.store import identifier, literal

SQL: Final = Path(str(files("monitor"))) / "sql"
# a file whose head comment begins so is not stored: it is read by column, a few times, and costs less to make again
VIEW_MARK: Final = "-- View."


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
        kind = "view" if views or texts[name].startswith(VIEW_MARK) else "table"
        select = f"from ({texts[name]}) order by {identifier(order_by)}" if order_by and kind == "table" else texts[name]
        connection.execute(f"create or replace {kind} {layer}.{name} as {select}")
        built.append(f"{layer}.{name}")
    return built


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
