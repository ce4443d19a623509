"""The analyst file as Parquet: one file a table or view, whole or not at all."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path

import duckdb

from monitor.contracts import outputs
from monitor.durable import make_durable
from monitor.errors import Fault, UsageError
from monitor.query.opened import opened
from monitor.settings import Settings
from monitor.store import identifier, write_parquet

_WANTED = """
    select schema_name, table_name from duckdb_tables() where not internal and schema_name <> 'replaced'
    union all
    select schema_name, view_name from duckdb_views()
    where not internal and schema_name in ('main', 'first_said') and not starts_with(view_name, 'latest_')
    order by all
"""


def export_tables(settings: Settings, folder: Path) -> dict[str, int]:
    """Write every table and view as Parquet into a new folder; `first_said.<table>` is in the folder of that name.

    Args:
        settings: of the home.
        folder: must not exist yet, or be empty.

    Returns:
        file -> rows.

    Raises:
        UsageError: the folder holds something already, or there is no file that can be read.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("目录里已有东西。", [Fault(str(folder), "不是空的", "一个新的或空的目录", "不覆盖已有的文件")])
    beside = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    beside.mkdir(parents=True)
    try:
        with opened(settings, locked=False) as connection:
            wanted: list[tuple[str, str]] = connection.execute(_WANTED).fetchall()
            written = dict(_write(connection, schema, table, beside) for schema, table in wanted)
        if folder.exists():
            folder.rmdir()
        beside.replace(folder)
        make_durable(folder.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return written


def _write(connection: duckdb.DuckDBPyConnection, schema: str, table: str, folder: Path) -> tuple[str, int]:
    name = f"{table}.parquet" if schema == "main" else f"{schema}/{table}.parquet"
    (folder / name).parent.mkdir(exist_ok=True)
    source = f"{identifier(schema)}.{identifier(table)}"
    key = ", ".join(map(identifier, outputs("analyst")[table].key))
    return name, write_parquet(connection, f"select * from {source} order by {key}", folder / name)
