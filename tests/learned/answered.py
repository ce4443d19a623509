"""Answers that came back about cases of made-up lists, laid out as learning reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor.settings import Settings
from monitor.store import connect, literal, write_parquet

ANSWER = """
create or replace table cases.answer(case_no varchar, kind varchar, list_as_of date, answer varchar, answered_on date,
    answered_by varchar, note varchar, collected_on date, _order bigint)
"""
LIST_DAY = date(2026, 11, 2)


@dataclass(frozen=True)
class Answered:
    """One answer; the case stood on the list of `listed` with these indicators."""

    case_no: str
    answer: str
    indicators: str = "INC-001"
    on: date = date(2026, 11, 10)
    listed: date = LIST_DAY
    township: str = "530622001"
    by: str = "甲"
    collected: date = date(2026, 11, 11)

    @property
    def kind(self) -> str:
        return {"V": "visit", "R": "review", "A": "audit"}[self.case_no[0]]


def visit(number: int, county: str = "530622") -> str:
    """The number of a visit case."""
    return f"V{county}-20261102-{number:04d}"


def audit(number: int, county: str = "530622") -> str:
    """The number of an audit visit."""
    return f"A{county}-20261102-{number:04d}"


def night(as_of: str = "2026-11-20", threads: int = 1) -> duckdb.DuckDBPyConnection:
    """A working database with the tables that learning reads, empty."""
    connection = connect(None, Settings(threads=threads), variables={"as_of": date.fromisoformat(as_of), "region": "53"})
    connection.execute(ANSWER)
    connection.execute("""
        create table core.household(household bigint, household_id varchar, head bigint, member_count integer,
            village_code varchar, township varchar, county varchar);
        create table cases.case(case_no varchar, kind varchar, case_subject bigint, due date, state varchar);
        create table cases.listed(case_no varchar, township varchar, rank bigint, why varchar);
    """)
    return connection


def give(connection: duckdb.DuckDBPyConnection, folder: Path, answers: Sequence[Answered]) -> Path:
    """Fill cases.answer in this order, and write the lists that were answered; return the newest run folder."""
    connection.execute(ANSWER)
    insert(
        connection,
        "cases.answer",
        [(a.case_no, a.kind, a.listed, a.answer, a.on, a.by, "家住路边", a.collected, n) for n, a in enumerate(answers)],
    )
    days = sorted({a.listed for a in answers} | {LIST_DAY})
    for day in days:
        of_day = {a.case_no: a for a in answers if a.listed == day}.values()
        run = folder / day.isoformat()
        run.mkdir(parents=True, exist_ok=True)
        _write(connection, run / "cases.parquet", [_row(a, a.indicators) for a in of_day if a.kind != "audit"])
        _write(connection, run / "audits.parquet", [_row(a, None) for a in of_day if a.kind == "audit"])
    return folder / days[-1].isoformat()


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows of literals."""
    if rows:
        connection.execute(f"insert into {table} values " + ", ".join(f"({', '.join(map(literal, row))})" for row in rows))


def _row(one: Answered, indicators: str | None) -> tuple[str | None, ...]:
    return (one.case_no, f"H:{one.case_no}", f"H:{one.case_no}", one.township, indicators)


def _write(connection: duckdb.DuckDBPyConnection, path: Path, rows: Sequence[tuple[Any, ...]]) -> None:
    connection.execute(
        "create or replace temp table written"
        "(case_no varchar, subject varchar, household varchar, township varchar, indicators varchar)"
    )
    insert(connection, "written", rows)
    write_parquet(connection, "select * from written order by case_no", path)
