"""Write what the next night has to know of tonight's cases into the run folder."""

from __future__ import annotations

from pathlib import Path

import duckdb

from monitor.transform import write_outputs

# what the working database holds of it -> file of the run folder. An audited household has no case: `audits` tells of it alone,
# so that listed and left_off are the open cases and nothing else
_FILES = {
    "cases.case where kind <> 'audit'": "cases",
    "cases.case_hit": "case_hits",
    "cases.case_answer": "case_answers",
    "cases.audit": "audits",
    "cases.listed where why <> 'audit'": "listed",
    "cases.left_off": "left_off",
    "cases.supervision": "supervision",
}


def write_cases(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Write cases, case_hits, case_answers, audits, listed, left_off and supervision as Parquet.

    Args:
        connection: the working database after `open_cases`.
        folder: the run folder in the making.
    """
    write_outputs(connection, _FILES, folder)
