"""Write what was learned into the run folder."""

from __future__ import annotations

from pathlib import Path

import duckdb

from monitor.contracts import outputs
from monitor.store import identifier, write_parquet

# table of the working database -> file of the run folder
_FILES = {
    "answer": "answers",
    "precision": "precision",
    "weight": "weight",
    "missed_need": "missed_need",
    "progress": "progress",
}


def write_learned(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write answers, precision, weight, missed_need and progress as Parquet, ordered by their keys.

    Args:
        connection: the working database after `take_stock`.
        folder: the run folder in the making.
    """
    for table, name in _FILES.items():
        promised = outputs("restricted")[name]
        columns = ", ".join(f"cast({identifier(c.name)} as {c.type}) as {identifier(c.name)}" for c in promised.columns)
        select = f"select {columns} from learned.{table} order by {', '.join(promised.key)}"
        write_parquet(connection, select, folder / f"{name}.parquet")
