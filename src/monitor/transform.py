"""Run the SQL files of a layer: one file, one SELECT, one table; the order is learnt from what each file reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

from monitor.store import literal

SQL = Path(str(files("monitor"))) / "sql"


def run_layer(connection: duckdb.DuckDBPyConnection, layer: str, *, prefix: str = "", views: bool = False) -> list[str]:
    """Build every table of a layer.

    Args:
        connection: the working database.
        layer: folder below `sql/`, and the schema of its tables. Sub-folders only sort the files.
        prefix: build only files whose name starts with it.
        views: make views instead of tables.

    Returns:
        the tables built, in order.
    """
    texts = {p.stem: p.read_text(encoding="utf-8") for p in sorted((SQL / layer).rglob("*.sql")) if p.stem.startswith(prefix)}
    reads = {name: {table for schema, table in tables_read(connection, text) if schema == layer} for name, text in texts.items()}
    order = TopologicalSorter({name: found & texts.keys() for name, found in reads.items()})
    built = []
    for name in order.static_order():
        kind = "view" if views else "table"
        connection.execute(f"create or replace {kind} {layer}.{name} as {texts[name]}")
        built.append(f"{layer}.{name}")
    return built


def tables_read(connection: duckdb.DuckDBPyConnection, text: str) -> set[tuple[str, str]]:
    """The (schema, table) pairs that a SELECT reads, by DuckDB's own parser; CTE names have no schema and are left out."""
    row = connection.execute(f"select json_serialize_sql({literal(text.strip().rstrip(';'))})").fetchone()
    assert row is not None
    tree = json.loads(row[0])
    if tree["error"]:
        raise ValueError(tree["error_message"])
    return {(n["schema_name"], n["table_name"]) for n in _nodes(tree) if n.get("type") == "BASE_TABLE" and n["schema_name"]}


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value)


@cache
def layer_files(layer: str) -> tuple[Path, ...]:
    """The SQL files of a layer."""
    return tuple(sorted((SQL / layer).rglob("*.sql")))
