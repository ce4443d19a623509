"""Open, continue, mute, reopen and end the cases of a night, and choose whom the lists hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from monitor.cases.earlier import load_earlier
from monitor.cases.handed_out import load_handed_out
from monitor.cases.working_days import overrides, working_days
from monitor.contracts import answers, extracts
from monitor.contracts.answers import ANSWER_TABLE
from monitor.store import literal
from monitor.transform import run_layer
from monitor.vocabulary import COLOUR_FLOORS, COLOUR_ZH, DUE_WORKING_DAYS, MUTE_DAYS, NOT_CLOSING, Answer

# A table of (indicator, subject) goes in by name; `hits.judged` (indicator, subject, outcome) comes out.
Judge = Callable[[duckdb.DuckDBPyConnection, str], None]

# answers and weights may be missing: a plan that is tried out asks nobody, and on the first night nothing has been learned
_WITHOUT_ANSWERS = f"""
create schema if not exists learned;
create table if not exists learned.weight(indicator varchar, weight bigint);
create table if not exists {ANSWER_TABLE};
"""
# the day from which a due date counts: of a case its first list, of an audit, which is kept apart, the day it was drawn
_OLDEST_LISTED = """
select min(day) from (
    select first_listed as day from cases.previous_case where state not in ('cleared', 'closed')
    union all
    select drawn_on from cases.previous_audit where ended_on is null
)
"""
# 20 working days over two long holidays take less
_LONGEST_WAIT = timedelta(days=90)


@dataclass(frozen=True)
class CaseSummary:
    """What became of the cases of a night.

    Attributes:
        open: cases that are open after it, listed or not, audits too.
        by_state: (kind, state) -> how many, closed and cleared ones too.
        by_colour: (kind, colour) -> how many open ones.
        supervision: process hits.
        notices: what an operator should know, in Chinese.
    """

    open: int
    by_state: dict[tuple[str, str], int]
    by_colour: dict[tuple[str, str], int]
    supervision: int
    notices: tuple[str, ...]


def open_cases(
    connection: duckdb.DuckDBPyConnection,
    previous: Path | None,
    as_of: date,
    judge: Judge,
    *,
    worse: Mapping[str, str],
    own_days: Path | None = None,
    versions: Sequence[Path] = (),
) -> CaseSummary:
    """Turn tonight's hits, the last night's cases and the answers since into tonight's cases and lists.

    Args:
        connection: the working database with hits, core, deliveries and parameters built, `as_of` set; reads `cases.answer`
            (what came back from the field) and `learned.weight` (thousandths by indicator) where they are there.
        previous: the run folder before this night; None on the first.
        as_of: the date of the night.
        judge: asks indicators of named subjects again.
        worse: indicator -> `higher` or `lower`: the direction in which its measure worsens; of those that declare one.
        own_days: the installation's own `working_days.csv`; need not exist.
        versions: run folders of this night and later ones that were real before: numbers in them are in the field.

    Raises:
        UsageError: the installation's working days are wrong.
    """
    connection.execute(_WITHOUT_ANSWERS)
    load_earlier(connection, previous)
    load_handed_out(connection, versions, _nights_until(previous) if versions else ())
    _make_scales(connection, worse)
    run_layer(connection, "cases", prefix="earlier_")
    judge(connection, "cases.earlier_asked")
    guessed_years = _make_working_days(connection, as_of, own_days)
    for prefix in ("standing_", "audit", "listed", "left_off", "case", "supervision"):
        run_layer(connection, "cases", prefix=prefix)
    open_ones = "from cases.case where state not in ('cleared', 'closed')"
    return CaseSummary(
        open=connection.execute(f"select count(*) {open_ones}").fetchall()[0][0],
        by_state=_counts(connection, "select kind, state, count(*) from cases.case group by all order by all"),
        by_colour=_counts(
            connection, f"select kind, colour, count(*) {open_ones} and colour is not null group by all order by all"
        ),
        supervision=connection.execute("select count(*) from cases.supervision").fetchall()[0][0],
        notices=_notices(connection, guessed_years),
    )


def _nights_until(previous: Path | None) -> list[Path]:
    """The run folders up to one; they lie beside each other and are named by their dates."""
    return sorted(p for p in previous.parent.glob("[0-9]*") if p.name <= previous.name) if previous else []


def _make_scales(connection: duckdb.DuckDBPyConnection, worse: Mapping[str, str]) -> None:
    """The weights of the vocabulary, what answers do, which way measures worsen, and who sends which extract, as tables."""
    colours = sorted(COLOUR_FLOORS.items(), key=lambda item: item[1])
    ceilings = [floor for _, floor in colours[1:]] + [2**31 - 1]
    _make_table(
        connection,
        "cases.colour(colour varchar, zh varchar, severity integer, points_from integer, points_below integer, "
        "due_working_days integer)",
        [
            (colour.value, COLOUR_ZH[colour], severity, floor, ceiling, DUE_WORKING_DAYS.get(colour))
            for severity, ((colour, floor), ceiling) in enumerate(zip(colours, ceilings, strict=True))
        ],
    )
    _make_table(
        connection,
        "cases.sender(extract varchar, department varchar)",
        [(extract.name, extract.department) for extract in extracts().values()],
    )
    _make_table(
        connection,
        "cases.answer_effect(kind varchar, answer varchar, zh varchar, mute_days integer, closes boolean)",
        [
            (kind, code, choice.zh, MUTE_DAYS.get(Answer(code)), code in MUTE_DAYS and code not in NOT_CLOSING)
            for code, choice in answers().choices.items()
            for kind in choice.kinds
        ],
    )
    _make_table(connection, "cases.measure(indicator varchar, worse varchar)", sorted(worse.items()))


def _make_working_days(connection: duckdb.DuckDBPyConnection, as_of: date, own: Path | None) -> tuple[int, ...]:
    """Make `cases.working_day` for every day that a due date can touch; return the years that had to be guessed."""
    oldest = connection.execute(_OLDEST_LISTED).fetchall()[0][0]
    calendar = working_days(min(oldest or as_of, as_of), as_of + _LONGEST_WAIT, overrides(*filter(None, [own])))
    _make_table(connection, "cases.working_day(day date, is_working boolean, number integer)", calendar.days)
    return calendar.guessed_years


def _notices(connection: duckdb.DuckDBPyConnection, guessed_years: tuple[int, ...]) -> tuple[str, ...]:
    """Due dates that rest on a guessed year are named; a guessed year that touches none is not worth a word."""
    notices = []
    for year in guessed_years:
        (count,) = connection.execute(
            "select count(*) from cases.case where state not in ('cleared', 'closed') "
            "and year(first_listed) <= $year and year(due) >= $year",
            {"year": year},
        ).fetchall()[0]
        if count:
            notices.append(
                f"{year}年的节假日安排尚未录入，{count}件工单的办理期限暂按周一至周五推算；"
                "国务院办公厅公布后请填入工作目录下的 working_days.csv。"
            )
    return tuple(notices)


def _counts(connection: duckdb.DuckDBPyConnection, select: str) -> dict[tuple[str, str], int]:
    return {(kind, value): count for kind, value, count in connection.execute(select).fetchall()}


def _make_table(connection: duckdb.DuckDBPyConnection, declaration: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """A small table of constants."""
    connection.execute(f"create or replace table {declaration}")
    if rows:
        values = ", ".join(f"({', '.join(literal(value) for value in row)})" for row in rows)
        connection.execute(f"insert into {declaration.partition('(')[0]} values {values}")
