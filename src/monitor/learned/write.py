"""Write what was learned into the run folder."""

from __future__ import annotations

from pathlib import Path

import duckdb

from monitor.transform import write_outputs

# table of the working database -> file of the run folder
_FILES = {
    "learned.answer": "answers",
    "learned.precision": "precision",
    "learned.weight": "weight",
    "learned.missed_need": "missed_need",
    "learned.progress": "progress",
}


def write_learned(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write answers, precision, weight, missed_need and progress as Parquet.

    Args:
        connection: the working database after `take_stock`.
        folder: the run folder in the making.
    """
    write_outputs(connection, _FILES, folder)
