"""What one rule would have said on past nights, as known then: each night's own facts, and the numbers then in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from monitor import indicators
from monitor.errors import Fault, UsageError
from monitor.indicators import Catalogue, Indicator
from monitor.plan.recall import recall_facts, recall_parameters, recall_people
from monitor.run import Home
from monitor.settings import Settings
from monitor.store import connect, literal

# a household keeps its id when its head changes, so churn is counted by id
_KEEP = """
insert into said
select hit.unit, coalesce(home.household_id, id_text(hit.subject)) as subject, getvariable('as_of')
from hits.hit as hit
left join core.household as home on hit.unit = 'household' and home.household = hit.subject
"""


@dataclass(frozen=True)
class NightSaid:
    """What a rule said of one night.

    Attributes:
        as_of: the night.
        hit, clear, unknown, exempt: subjects by outcome.
        new, gone: hits that the night before in the range did not have, and had; None on the first.
    """

    as_of: date
    hit: int
    clear: int
    unknown: int
    exempt: int
    new: int | None
    gone: int | None

    @property
    def asked(self) -> int:
        return self.hit + self.clear + self.unknown + self.exempt


def backtest(settings: Settings, indicator: Indicator, first: date, last: date) -> list[NightSaid]:
    """Ask a rule on every run from `first` to `last`, whatever its own first and last day are.

    Raises:
        UsageError: no run in the range, one kept in part only, or the rule reads a number that a night did not have.
    """
    runs = [run for run in Home(settings.home).run_folders() if first.isoformat() <= run.name <= last.isoformat()]
    if not runs:
        there = [run.name for run in Home(settings.home).run_folders()]
        known = f"{there[0]} 至 {there[-1]}" if there else "还没有任何一晚的结果"
        raise UsageError("这段日期里没有运行过。", [Fault("--from/--to", f"{first} 至 {last}", known)])
    Home(settings.home).must_be_whole(runs)
    always = indicator.model_copy(update={"since": min(indicator.since, first), "until": None})
    told: list[NightSaid] = []
    with connect(None, settings, variables={"region": settings.region}) as connection:
        connection.execute("create temp table said(unit varchar, subject varchar, night date)")
        for run in runs:
            told.append(_night(connection, run, always, told[-1].as_of if told else None))
    return told


def _night(connection: duckdb.DuckDBPyConnection, run: Path, indicator: Indicator, before: date | None) -> NightSaid:
    day = date.fromisoformat(run.name)
    connection.execute(f"set variable as_of = {literal(day)}")
    recall_people(connection, run)
    _must_have(run, recall_parameters(connection, run, indicator.parameters))
    recall_facts(connection, run, indicator.unit, indicator.evidence)
    indicators.evaluate(connection, Catalogue({indicator.code: indicator}, ""))
    connection.execute(_KEEP)
    sums = ", ".join(f"cast(coalesce(sum({name}), 0) as bigint)" for name in ("hit", "clear", "unknown", "exempt"))
    counts = connection.execute(f"select {sums} from hits.coverage").fetchall()[0]
    churn = (_only_in(connection, day, before), _only_in(connection, before, day)) if before else (None, None)
    return NightSaid(day, *counts, *churn)


def _only_in(connection: duckdb.DuckDBPyConnection, night: date, other: date) -> int:
    """Subjects that hit on one night and not on another."""
    found: tuple[int] = connection.execute(
        "select count(*) from said as one where night = $night "
        "and not exists (from said as other where other.night = $other and other.subject = one.subject)",
        {"night": night, "other": other},
    ).fetchall()[0]
    return found[0]


def _must_have(run: Path, missing: list[str]) -> None:
    if missing:
        faults = [Fault(name, f"{run.name} 那晚还没有这个参数", remedy="把 --from 放到它设立之后") for name in missing]
        raise UsageError("规则用到当时还没有的参数。", faults)
