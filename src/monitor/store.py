"""The one place that opens DuckDB and the restricted Parquet of a home, with a key or without."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor.durable import make_durable, write_whole
from monitor.encryption import HomeKey, must_fit
from monitor.encryption.database import attach, give_keys
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
    (months_since(day, as_of) + 120000) // 12 - 10000;
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
    public: bool = False,
) -> duckdb.DuckDBPyConnection:
    """Open a database (in memory when `path` is None) of a home, which spills into `spill`.

    With a key, the file and what is spilled are encrypted, and the macro `restricted(files)` reads what `write_parquet` wrote;
    without one no extension is loaded.

    Args:
        path: the .duckdb file.
        settings: of the home: threads, memory, key.
        spill: folder for what does not fit into memory; beside the file when not given.
        variables: session variables, read in SQL with `getvariable('name')`.
        read_only: open for reading only; creates no schema.
        public: the file leaves the restricted zone, so it is not encrypted.

    Raises:
        UsageError: the key is not that of the home.
    """
    key = must_fit(settings)
    config = _config(settings, spill or (path.parent / "spill" if path else None))
    connection = _opened(path if public or not key else None, config, read_only=read_only)
    if key:
        give_keys(connection, {"restricted": key})
    if key and path and not public:
        attach(connection, path, key)
    _make_reader(connection, "restricted", encrypted=key is not None)
    if not read_only:
        for schema in SCHEMAS:
            connection.execute(f"create schema if not exists {schema}")
    for name, value in (variables or {}).items():
        connection.execute(f"set variable {identifier(name)} = {literal(value)}")
    return connection


def connect_to_reader(path: Path, settings: Settings, spill: Path) -> duckdb.DuckDBPyConnection:
    """Open a file that left the restricted zone, to read only, in a database of its own.

    A process that opened the path itself would share one database among all its connections: the second would need the settings
    of the first, and see no newer file while the first is open.
    """
    connection = _opened(None, _config(settings, spill))
    connection.execute(f"attach {literal(str(path))} as {identifier(path.stem)} (read_only)")
    connection.execute(f"use {identifier(path.stem)}")
    return connection


def connect_between(settings: Settings, before: HomeKey | None, after: HomeKey | None) -> duckdb.DuckDBPyConnection:
    """A database in memory that reads with one key, by the macro `restricted_before(files)`, and reads and writes with another.

    None is no key: what is read is clear, or what is written will be.
    """
    connection = _opened(None, {"threads": settings.threads, "memory_limit": f"{settings.memory_limit_mb}MB"})
    names = {"restricted_before": before, "restricted": after}
    give_keys(connection, {name: key for name, key in names.items() if key})
    for name, key in names.items():
        _make_reader(connection, name, encrypted=key is not None)
    return connection


def connect_apart() -> duckdb.DuckDBPyConnection:
    """A small database in memory that belongs to no home and knows no key: for parsing SQL and for made-up rows."""
    connection = _opened(None, {"threads": 1, "memory_limit": "512MB"})
    for schema in SCHEMAS:
        connection.execute(f"create schema {schema}")
    return connection


def _config(settings: Settings, spill: Path | None) -> dict[str, Any]:
    config: dict[str, Any] = {
        "threads": settings.threads,
        "memory_limit": f"{settings.memory_limit_mb}MB",
        "preserve_insertion_order": True,
    }
    if spill:
        spill.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # DuckDB makes the last folder of a path only
        config["temp_directory"] = str(spill)
    return config


def _opened(path: Path | None, config: dict[str, Any], *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    nothing_fetched = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    connection = duckdb.connect(str(path) if path else ":memory:", read_only=read_only, config=config | nothing_fetched)
    if connection.execute("select current_setting('enable_progress_bar')").fetchall()[0][0]:
        # not otherwise: in Jupyter it is off, and DuckDB refuses to touch it where ipywidgets is not installed
        connection.execute("set enable_progress_bar = false")
    connection.execute(_MACROS)
    return connection


def _make_reader(connection: duckdb.DuckDBPyConnection, name: str, *, encrypted: bool) -> None:
    """Make the macro that reads restricted Parquet by the key of its name; what is written from now on is written by it too."""
    reading = f", encryption_config = {{footer_key: {literal(name)}}}" if encrypted else ""
    connection.execute(f"create or replace temp macro {name}(files) as table from read_parquet(files{reading})")
    connection.execute(f"set variable parquet_key = {literal(name if encrypted else None)}")


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
    """Write values as an SQL list."""
    return "[" + ", ".join(literal(v) for v in values) + "]"


def path_literal(path: Path | str) -> str:
    """A path for a reading function, its glob signs taken literally."""
    escaped = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(path))
    return literal(escaped)


def stored(*paths: Path) -> str:
    """What stands behind `from` to read restricted Parquet files of the same columns, on a connection of `connect`."""
    return f"restricted([{', '.join(map(path_literal, paths))}])"


def stored_runs(paths: Sequence[Path]) -> str:
    """What stands behind `from` to read the same file of several runs: columns by name, and `filename`.

    Not by `union_by_name`: DuckDB 1.5 dies of it when a file is encrypted (duckdb issue 21508).
    """
    return "(" + " union all by name ".join(f"select *, {literal(str(p))} as filename from {stored(p)}" for p in paths) + ")"


def stored_before(path: Path) -> str:
    """What stands behind `from` to read a file with the key before, on a connection of `connect_between`."""
    return f"restricted_before({path_literal(path)})"


def rows_stored(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """How many rows a restricted Parquet file holds; its footer tells."""
    return int(connection.execute(f"select count(*) from {stored(path)}").fetchall()[0][0])


def write_parquet(connection: duckdb.DuckDBPyConnection, select: str, path: Path, *, encoding: str = "") -> int:
    """Write the rows of `select` to `path`, whole or not at all, encrypted if the connection has a key; return how many.

    The same rows in the same order give the same bytes with any number of threads, so `select` must end in a total order.
    `encoding` adds options of the writer.
    """
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    (key,) = connection.execute("select getvariable('parquet_key')").fetchall()[0]
    encoding += f", encryption_config {{footer_key: {literal(key)}}}" if key else ""
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
    write_whole(path, json.dumps(values, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
