"""What the last night left: its open cases and what stood in them, as tables of tonight's working database."""

from __future__ import annotations

from pathlib import Path

import duckdb

from monitor.contracts import outputs
from monitor.store import identifier, literal

# table -> (file of the run folder, the columns needed of it; empty = all)
_TABLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "previous_case": ("cases", ()),
    "previous_case_hit": ("case_hits", ()),
    "previous_household": ("household", ("household", "head")),
}


def load_earlier(connection: duckdb.DuckDBPyConnection, previous: Path | None) -> None:
    """Make `cases.previous_case`, `cases.previous_case_hit` and `cases.previous_household`; empty on the first night.

    Args:
        connection: the working database.
        previous: the run folder before this night.
    """
    for table, (source, needed) in _TABLES.items():
        columns = [column for column in outputs("restricted")[source].columns if not needed or column.name in needed]
        if previous is None:
            select = ", ".join(f"cast(null as {column.type}) as {identifier(column.name)}" for column in columns) + " limit 0"
        else:
            names = ", ".join(identifier(column.name) for column in columns)
            select = f"{names} from read_parquet({literal(str(previous / f'{source}.parquet'))})"
        connection.execute(f"create or replace table cases.{table} as select {select}")
