"""What earlier nights know of the cases that were answered: the answers they had read, and the lists they had written."""

from __future__ import annotations

from pathlib import Path

import duckdb

from monitor.contracts import outputs
from monitor.store import identifier, stored, stored_runs

# what an answered case is remembered by
_NEEDED = ("case_no", "subject", "household", "township", "indicators")


def load_earlier(connection: duckdb.DuckDBPyConnection, previous: Path | None) -> None:
    """Make `learned.earlier_answer` and `learned.answered_list`; both empty on the first night.

    The indicators of a case are those on the list that the answer speaks of. They are looked up once, when the answer is read
    first, and remembered with it.

    Args:
        connection: the working database with cases.answer.
        previous: the run folder before this night; earlier ones lie beside it.
    """
    columns = outputs("restricted")["answers"].columns
    file = previous / "answers.parquet" if previous else None
    if file and file.is_file():
        select = f"{', '.join(identifier(c.name) for c in columns)} from {stored(file)}"
    else:
        select = ", ".join(f"cast(null as {c.type}) as {identifier(c.name)}" for c in columns) + " limit 0"
    connection.execute(f"create or replace table learned.earlier_answer as select {select}")
    days = connection.execute(
        "select distinct list_as_of from cases.answer "
        "anti join learned.earlier_answer using (case_no, list_as_of) order by list_as_of"
    ).fetchall()
    runs = [previous.with_name(day.isoformat()) for (day,) in days if day] if previous else []
    connection.execute(f"create or replace table learned.answered_list as {_lists(runs)}")


def _lists(runs: list[Path]) -> str:
    """The answered cases of these runs, with what stood in them; audit visits have a place only, nothing speaks in them."""
    texts = ", ".join(f"cast(null as varchar) as {name}" for name in _NEEDED)
    selects = [f"select cast(null as date) as list_as_of, {texts} limit 0"]
    for name, needed in (("cases", _NEEDED), ("audits", ("case_no", "subject", "township"))):
        files = [file for run in runs if (file := run / f"{name}.parquet").is_file()]
        if files:
            day = "cast(split_part(filename, '/', -2) as date)"
            values = ", ".join(c if c in needed else f"cast(null as varchar) as {c}" for c in _NEEDED)
            selects.append(f"select {day} as list_as_of, {values} from {stored_runs(files)}")
    answered = "(select distinct case_no, list_as_of from cases.answer)"
    every = " union all ".join(f"({select})" for select in selects)
    return (
        "select list_as_of, case_no, max(subject) as subject, max(household) as household, max(township) as township, "
        f"max(indicators) as indicators from ({every}) semi join {answered} using (case_no, list_as_of) "
        "group by list_as_of, case_no"
    )
