"""What the last night left: its cases, what stood in them and what was answered, as tables of tonight's working database."""

from __future__ import annotations

from pathlib import Path

import duckdb

from monitor.contracts import outputs
from monitor.store import identifier, stored

# table -> (file of the run folder, the columns needed of it; empty = all)
_TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "previous_case": ("cases", ()),
    "previous_case_hit": ("case_hits", ()),
    "previous_case_answer": ("case_answers", ()),
    "previous_audit": ("audits", ()),
    "previous_household": ("household", ("household", "head")),
}


def load_earlier(connection: duckdb.DuckDBPyConnection, previous: Path | None) -> None:
    """Make the tables `cases.previous_*`; empty on the first night.

    A file or a column that an older version of the software did not write yet is empty too.

    Args:
        connection: the working database.
        previous: the run folder before this night.
    """
    for table, (source, needed) in _TABLES.items():
        columns = [column for column in outputs("restricted")[source].columns if not needed or column.name in needed]
        promised = ", ".join(f"cast(null as {column.type}) as {identifier(column.name)}" for column in columns)
        select = f"select {promised} limit 0"
        path = previous / f"{source}.parquet" if previous else None
        if path and path.is_file():
            names = ", ".join(identifier(column.name) for column in columns)
            select = f"select {names} from (({select}) union all by name from {stored(path)})"
        connection.execute(f"create or replace table cases.{table} as {select}")
