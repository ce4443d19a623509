"""Which cases of a night somebody means by a case number, a household id or a citizen ID."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor.errors import Fault, UsageError
from monitor.explain.drawn import Drawn, drawn_households
from monitor.run import Home
from monitor.store import literal, stored, stored_runs

CASE_COLUMNS = (
    "case_no",
    "kind",
    "subject",
    "household",
    "township",
    "village",
    "colour",
    "points",
    "state",
    "first_seen",
    "first_listed",
    "due",
    "ended_zh",
)
_ID = re.compile(r"\d{17}[\dXx]")
_LIKE_CASE = re.compile(r"[VRAvra]\d{1,6}-\d{1,8}-\d{1,6}")
_NEAR = 3


@dataclass(frozen=True)
class Asked:
    """The cases of one night that were asked for.

    Attributes:
        run, previous: the run folder and the one before it.
        has_facts_before: whether the one before still has its people and facts; its hits and cases are kept for ever.
        cases: rows of cases.parquet, see `CASE_COLUMNS`; empty when the household is known and has no case.
        drawn: random audits of the household.
    """

    run: Path
    previous: Path | None
    has_facts_before: bool
    cases: tuple[dict[str, Any], ...]
    drawn: tuple[Drawn, ...]

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.run.name)


def find_cases(connection: duckdb.DuckDBPyConnection, home: Home, asked: str, as_of: date | None = None) -> Asked:
    """Find what is asked for.

    Args:
        connection: any.
        home: whose runs are read.
        asked: a case number, the number of an audit visit, a household id (`F:`, `H:`) or a citizen ID; letters of a number
            may be small.
        as_of: the night; the last one when not given.

    Raises:
        UsageError: no such night, or nobody and no case by that name; names what is near, never an ID.
    """
    run = home.run_of(as_of)
    previous = home.run_before(date.fromisoformat(run.name))
    wanted = asked.strip()
    wanted = wanted.upper() if _LIKE_CASE.fullmatch(wanted) or _ID.fullmatch(wanted) else wanted
    household = _household_of(connection, run, wanted) if _ID.fullmatch(wanted) else wanted
    drawn = drawn_households(connection, run, household)
    household = drawn[0].subject if drawn else household
    cases = _cases(connection, run, f"case_no = {literal(wanted)}") if not _ID.fullmatch(wanted) else ()
    cases = cases or _cases(connection, run, f"household = {literal(household)} or subject = {literal(household)}")
    if not cases and not drawn and not _is_known(connection, run, household):
        raise _not_found(connection, home, run, wanted)
    return Asked(run, previous, previous in home.whole_runs(), cases, drawn)


def _cases(connection: duckdb.DuckDBPyConnection, run: Path, where: str) -> tuple[dict[str, Any], ...]:
    rows = connection.execute(
        f"select {', '.join(CASE_COLUMNS)} from {stored(run / 'cases.parquet')} where {where} order by kind desc, case_no"
    ).fetchall()
    return tuple(dict(zip(CASE_COLUMNS, row, strict=True)) for row in rows)


def _household_of(connection: duckdb.DuckDBPyConnection, run: Path, id_no: str) -> str:
    """The household of a person; somebody who stands alone is the subject of the own case."""
    rows = connection.execute(
        f"select coalesce(household, subject) from {stored(run / 'person.parquet')} where subject = {literal(id_no)}"
    ).fetchall()
    return str(rows[0][0]) if rows else ""


def _is_known(connection: duckdb.DuckDBPyConnection, run: Path, subject: str) -> bool:
    name = "person" if _ID.fullmatch(subject) else "household"
    file = stored(run / f"{name}.parquet")
    return bool(connection.execute(f"select 1 from {file} where subject = {literal(subject)}").fetchall())


def _not_found(connection: duckdb.DuckDBPyConnection, home: Home, run: Path, wanted: str) -> UsageError:
    """What is near: an earlier night that had it, else the most similar numbers."""
    if _ID.fullmatch(wanted) or re.fullmatch(r"\d{15}", wanted):
        fault = Fault("身份号码", f"{run.name} 这一晚的人员中没有", remedy="核对号码，或改用工单编号")
        return UsageError("查无此人。", [fault])
    every = stored_runs([folder / "cases.parquet" for folder in home.run_folders()])
    nights = connection.execute(
        f"select max(regexp_extract(filename, '(\\d{{4}}-\\d{{2}}-\\d{{2}})[/\\\\]cases.parquet$', 1)) "
        f"from {every} where case_no = {literal(wanted)}"
    ).fetchall()[0][0]
    if nights:
        fault = Fault(wanted, f"{run.name} 已不在册，最近一次出现在 {nights}", remedy=f"加上 --as-of {nights}")
        return UsageError("这件工单不在这一晚。", [fault])
    near = connection.execute(
        f"select case_no from {stored(run / 'cases.parquet')} "
        f"order by damerau_levenshtein(case_no, {literal(wanted[:40])}), case_no limit {_NEAR}"
    ).fetchall()
    allowed = "名单上每行开头的工单编号（如 V530622-20261118-0001），或以 F:、H: 开头的家庭编号"
    numbers = "、".join(number for (number,) in near)
    remedy = f"核对编号；相近的有 {numbers}" if near else "换一晚再查（--as-of）；这一晚没有任何工单"
    # what is no case number may be a name or a phone, and is not repeated
    shown = wanted if _LIKE_CASE.fullmatch(wanted) else "所给的编号"
    return UsageError("查无此工单或家庭。", [Fault(shown, f"{run.name} 这一晚没有这个编号", allowed, remedy=remedy)])
