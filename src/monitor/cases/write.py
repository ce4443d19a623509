"""Write what the next night has to know of tonight's cases into the run folder."""

from __future__ import annotations

from pathlib import Path

import duckdb

from monitor.contracts import outputs
from monitor.store import identifier, write_parquet

# what the working database holds of it -> file of the run folder. An audited household has no case: `audits` tells of it alone,
# so that listed and left_off are the open cases and nothing else
_FILES = {
    "case where kind <> 'audit'": "cases",
    "case_hit": "case_hits",
    "case_answer": "case_answers",
    "audit": "audits",
    "listed where why <> 'audit'": "listed",
    "left_off": "left_off",
    "supervision": "supervision",
}


def write_cases(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write cases, case_hits, case_answers, audits, listed, left_off and supervision as Parquet, ordered by their keys.

    Args:
        connection: the working database after `open_cases`.
        folder: the run folder in the making.
    """
    for table, name in _FILES.items():
        promised = outputs("restricted")[name]
        columns = ", ".join(f"cast({identifier(c.name)} as {c.type}) as {identifier(c.name)}" for c in promised.columns)
        write_parquet(
            connection, f"select {columns} from cases.{table} order by {', '.join(promised.key)}", folder / f"{name}.parquet"
        )
