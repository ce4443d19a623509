"""Collected answers in the working database of a night: one table, and their lines in the ledger."""

from __future__ import annotations

from bisect import bisect

import duckdb

from monitor.answers.landing import EXTRACT, LandedAnswers, answers_file, is_as_written, landed_answers
from monitor.contracts.answers import ANSWER_TABLE
from monitor.errors import Fault, NightCannotStand
from monitor.run import Night
from monitor.store import literal, stored
from monitor.vocabulary import DeliveryState

# An answer without a day counts as given on the day of its list or of the newest answer collected before it: the later one.
_SELECT = """
with placed as (
    select *, row_number() over (order by collected_on, sequence, sheet, "row") as _order from {files}
)
select
    case_no, kind, list_as_of, answer,
    coalesce(
        answered_on,
        greatest(list_as_of, max(answered_on) over (
            partition by case_no order by _order rows between unbounded preceding and 1 preceding
        ))
    ) as answered_on,
    answered_by, note, collected_on, _order
from placed
order by _order
"""


def load_answers(connection: duckdb.DuckDBPyConnection, night: Night) -> None:
    """Make `cases.answer`: every answer collected for this night or an earlier one; the answer in force of a case is the one
    with the greatest (answered_on, _order).

    Args:
        connection: the working database.
        night: gives the landing folder and the as-of date.
    """
    landed = [one for one in landed_answers(night.home, night.as_of) if one.answered]
    _must_be_as_written(night, landed)
    connection.execute(f"create or replace table {ANSWER_TABLE}")
    if landed:
        files = stored(*(answers_file(night.home, one) for one in landed))
        connection.execute(f"insert into cases.answer {_SELECT.format(files=files)}")


def enter_answers(connection: duckdb.DuckDBPyConnection, night: Night) -> None:
    """Load the answers and give every collected file its line in `deliveries.ledger`.

    Loaded are answers in force; superseded are those that a later answer to the case replaces, and doubled rows.
    """
    load_answers(connection, night)
    connection.execute(f"delete from deliveries.ledger where extract = {literal(EXTRACT)}")
    in_force = _in_force(connection)
    first = 0
    for one in landed_answers(night.home, night.as_of):
        last = first + one.answered
        loaded = bisect(in_force, last) - bisect(in_force, first)
        state = DeliveryState.REFUSED if one.refused else DeliveryState.IN_FORCE
        line = (one.delivery, one.rows_read, loaded, one.rows_read - loaded - one.quarantined, one.quarantined)
        connection.execute(
            "insert into deliveries.ledger values (?, ?, ?, ?, ?, ?, 0, ?, ?)",
            [EXTRACT, *line, state.value, one.refused or None],
        )
        first = last


def _must_be_as_written(night: Night, landed: list[LandedAnswers]) -> None:
    """A night without answers that had come in would ask households again, and open closed cases: better none."""
    faults = [
        Fault(
            f"landing/{EXTRACT}/{one.stem}.parquet",
            "与收件时不同或已丢失",
            why="缺了这些核查结果,已办结的工单会重新开案",
            remedy="把原来收回的名单放回 answers 后运行 monitor collect,或从备份恢复(monitor restore)",
        )
        for one in landed
        if not is_as_written(night.home, one)
    ]
    if faults:
        raise NightCannotStand("已收的核查结果有损坏,今晚不能成立;上一晚的名单仍然有效。", faults)


def _in_force(connection: duckdb.DuckDBPyConnection) -> list[int]:
    found = connection.execute("""
        select _order from cases.answer
        qualify row_number() over (partition by case_no order by answered_on desc, _order desc) = 1 order by _order
    """).fetchall()
    return [row[0] for row in found]
