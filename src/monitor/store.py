"""The one place that opens DuckDB, and the few things every caller of it needs."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor.settings import Settings

SCHEMAS = ("deliveries", "landing", "staging", "core", "parameters", "facts", "hits", "cases")

# GB 11643: 17 digits and a check character. The whole ID as one BIGINT joins 2.7 times faster than 18 characters.
# Most IDs end in a digit and are written as one number, three times faster than in two pieces.
# A quotient has the type of what is divided: dividing 128 bits costs forty times as much as 64.
_MACROS = """
create or replace temp macro id_key(id) as
    try_cast(left(id, 17) as bigint) * 16 + (strpos('0123456789X', right(id, 1)) - 1);
create or replace temp macro id_text(key) as
    case
        when key & 15 < 10 and key >> 4 >= 10000000000000000 then cast((key >> 4) * 10 + (key & 15) as varchar)
        else lpad(cast(key >> 4 as varchar), 17, '0') || substr('0123456789X', cast(key & 15 as integer) + 1, 1)
    end;
create or replace temp macro birth_in_id(key) as
    make_date(cast((key >> 4) // 10000000 % 10000 as integer), cast((key >> 4) // 100000 % 100 as integer),
              cast((key >> 4) // 1000 % 100 as integer));
create or replace temp macro row_order(day, part, row_number) as
    ((day - date '2000-01-01') * 4096 + part) * 34359738368 + row_number;
create or replace temp macro newest(day, row_order) as
    cast(day - date '1800-01-01' as hugeint) * 9223372036854775808 + row_order;
create or replace temp macro months_since(day, as_of) as
    (year(as_of) - year(day)) * 12 + month(as_of) - month(day)
        - case when day(as_of) < day(day) and as_of < last_day(as_of) then 1 else 0 end;
create or replace temp macro years_since(day, as_of) as
    months_since(day, as_of) // 12;
create or replace temp macro rounded_quotient(n, d) as
    sign(n) * ((2 * abs(n) + d) // (2 * d));
"""


def connect(
    path: Path | None,
    settings: Settings,
    *,
    spill: Path | None = None,
    variables: Mapping[str, Any] | None = None,
    read_only: bool = False,
) -> duckdb.DuckDBPyConnection:
    """Open a database (in memory when `path` is None) that loads no extension and spills into `spill`.

    Args:
        path: the .duckdb file.
        settings: threads and memory.
        spill: folder for what does not fit into memory; beside the file when not given.
        variables: session variables, read in SQL with `getvariable('name')`.
        read_only: open for reading only; creates no schema.
    """
    spill = spill or (path.parent / "spill" if path else None)
    config: dict[str, Any] = {
        "threads": settings.threads,
        "memory_limit": f"{settings.memory_limit_mb}MB",
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
    if spill:
        config["temp_directory"] = str(spill)
    connection = duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=config)
    connection.execute("set enable_progress_bar = false")
    if not read_only:
        for schema in SCHEMAS:
            connection.execute(f"create schema if not exists {schema}")
    connection.execute(_MACROS)
    for name, value in (variables or {}).items():
        connection.execute(f"set variable {identifier(name)} = {literal(value)}")
    return connection


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | int | bool | date | None) -> str:
    """Write a value as an SQL literal."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    return "'" + str(value).replace("'", "''") + "'"


def literals(values: list[Any]) -> str:
    """Write values as an SQL list, for `in` and for `read_parquet`."""
    return "[" + ", ".join(literal(v) for v in values) + "]"


def write_parquet(connection: duckdb.DuckDBPyConnection, select: str, path: Path, *, encoding: str = "") -> int:
    """Write the rows of `select` to `path`, whole or not at all; return how many.

    The same rows in the same order give the same bytes with any number of threads, so `select` must end in a total order.
    `encoding` adds options of the writer.
    """
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        result = connection.execute(
            f"copy ({select}) to {literal(str(beside))} (format parquet, compression zstd, row_group_size 122880{encoding})"
        ).fetchone()
        make_durable(beside)
        beside.replace(path)
    finally:
        with suppress(FileNotFoundError):
            beside.unlink()
    return int(result[0]) if result else 0


def write_json(path: Path, values: Mapping[str, Any]) -> None:
    """Write values as JSON, keys in order, whole or not at all."""
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    beside.write_text(json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    make_durable(beside)
    beside.replace(path)
    make_durable(path.parent)


def make_durable(path: Path) -> None:
    """Force a file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
