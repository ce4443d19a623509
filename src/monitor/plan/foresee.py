"""Run a past night's rules and cases again with a changed number or rule; nothing is written to the home.

Only the indicators that the change touches are asked again: every other hit of the night stands. Cases are opened by the
night's own SQL from the run before, so what comes out is what the same night gives once the change has been made.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from monitor import answers, cases, indicators, parameters
from monitor.errors import Fault, UsageError
from monitor.indicators import Catalogue, Indicator
from monitor.plan import compare
from monitor.plan.change import Change
from monitor.plan.derive import Fed, derive, fed_topics
from monitor.plan.recall import UNITS, recall_facts, recall_hits, recall_people
from monitor.run import Home, Night, read_manifest
from monitor.settings import Settings
from monitor.store import connect, literals, stored

_DRIFTED = """
select count(*) from (
    from (select distinct parameter, region_code, area_kind, valid_from, value from parameters.resolved)
    except
    select parameter, region_code, area_kind, valid_from, value from {kept}
)
"""


@dataclass(frozen=True)
class _Again:
    """A run that is asked again: its folder, the run before it, and what is asked of it."""

    run: Path
    previous: Path | None
    catalogue: Catalogue
    fed: Sequence[Fed]

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.run.name)


def foresee(settings: Settings, change: Change, as_of: date | None = None) -> compare.Effect:
    """What a change would have done on a night that was run.

    Args:
        settings: of the installation.
        change: see `read_change`.
        as_of: the night; the last one when not given.

    Raises:
        UsageError: there is no such run, the people of the night before it are kept no longer, or nobody lives in the region.
        ParameterMissing: a parameter has no value in force for a place.
    """
    return foresee_each(settings, [change], as_of)[0]


def foresee_each(settings: Settings, changes: Sequence[Change], as_of: date | None = None) -> list[compare.Effect]:
    """What each of several changes alone would have done, as `foresee` says it; the night is read once for all of them."""
    home = Home(settings.home)
    run = home.run_of(as_of)
    day = date.fromisoformat(run.name)
    previous = _night_before(home, run)
    now = indicators.load_catalogue(own=indicators.own_indicators(home.root))
    own = [home.root / "parameters"] if (home.root / "parameters").is_dir() else []
    with connect(None, settings, variables={"as_of": day, "region": settings.region}) as connection:
        fed = fed_topics(connection)
        before = _Again(run, previous, now, fed)
        recall_people(connection, run)
        compare.keep_people(connection, run)
        for change in changes:
            compare.must_be_lived_in(connection, change.region)
        answers.load_answers(connection, Night(settings, day))
        _recall_weights(connection, run)
        parameters.resolve_parameters(connection, day, own)
        drifted = _has_drifted(connection, run, now)
        if drifted:
            _ask_again(connection, before, now.in_force(day))
            compare.keep_made(connection, "before")
            connection.execute("create temp table standing as from hits.hit")
        else:
            compare.keep_run(connection, "before", run)
            recall_hits(connection, run, "standing")
        return [_effect(connection, before, change, own, drifted) for change in changes]


def _night_before(home: Home, run: Path) -> Path | None:
    """The run that the night began from; without its households cases would not go on as they did, and counts would differ."""
    runs, whole = home.run_folders(), home.whole_runs()
    before = dict(zip(runs, [None, *runs[:-1]], strict=True))
    previous = before[run]
    if previous and previous not in whole:
        fine = [one for one in whole if before[one] is None or before[one] in whole]
        near = sorted(fine, key=lambda one: abs((date.fromisoformat(one.name) - date.fromisoformat(run.name)).days))[:3]
        found = f"前一晚 {previous.name} 的人口、户和事实已清理"
        why = "工单要从前一晚的户接续，缺了它，试算的数目会与重跑不同"
        fault = Fault(run.name, found, "、".join(one.name for one in near), why, "换一个日期")
        raise UsageError("前一晚已经清理，这一晚不能试算。", [fault])
    return previous


def _effect(
    connection: duckdb.DuckDBPyConnection, before: _Again, change: Change, own: Sequence[Path], drifted: bool
) -> compare.Effect:
    """Ask what a change touches, beside `before` and `standing`, which stay as they are."""
    after = _Again(before.run, before.previous, change.catalogue(before.catalogue), before.fed)
    _put_in_force(connection, change, after.as_of, own)
    touched = _touched(after, change)
    anew = {one.code for one in touched} | ({change.indicator.code} if change.indicator else set())
    _ask_again(connection, after, touched, left_out=anew)
    compare.keep_made(connection, "after")
    notices = compare.notices(connection, change.values, change.region)
    if drifted:
        notices.insert(0, "该晚之后指标目录或参数已有改动：改动前的一栏按现行目录和参数重算，与当晚名单可能不同。")
    return compare.effect(connection, after.as_of, [i.code for i in touched], notices)


def _recall_weights(connection: duckdb.DuckDBPyConnection, run: Path) -> None:
    """What that night had learned of each indicator, by which it ranked."""
    path = run / "weight.parquet"
    if path.is_file():
        connection.execute("create schema if not exists learned")
        connection.execute(f"create or replace table learned.weight as from {stored(path)}")


def _put_in_force(connection: duckdb.DuckDBPyConnection, change: Change, as_of: date, own: Sequence[Path]) -> None:
    """Resolve the parameters as if the change's rows lay beside the installation's own."""
    with tempfile.TemporaryDirectory() as folder:
        change.write(Path(folder), as_of)
        parameters.resolve_parameters(connection, as_of, [*own, Path(folder)])


def _has_drifted(connection: duckdb.DuckDBPyConnection, run: Path, now: Catalogue) -> bool:
    """Whether the catalogue or the numbers in force have changed since that night."""
    if read_manifest(run)["catalogue"]["sha256"] != now.sha256:
        return True
    kept = stored(run / "parameters.parquet")
    return bool(connection.execute(_DRIFTED.format(kept=kept)).fetchall()[0][0])


def _touched(after: _Again, change: Change) -> list[Indicator]:
    """The indicators whose answer may change: changed themselves, or they read a changed number or a fact that rests on one."""
    facts = {fact.name for topic in after.fed for name in change.values if topic.names(name) for fact in topic.facts}
    return [
        one
        for one in after.catalogue.in_force(after.as_of)
        if one is change.indicator or change.values.keys() & set(one.parameters) or facts.intersection(one.evidence)
    ]


def _ask_again(
    connection: duckdb.DuckDBPyConnection, again: _Again, asked: Sequence[Indicator], left_out: Collection[str] | None = None
) -> None:
    """Make hits.* and cases.* of the night: the indicators asked anew and, but for those left out, the hits of `standing`."""
    derived = derive(connection, again.run, again.fed)
    for unit in UNITS:
        names = {name for one in asked if one.unit == unit for name in one.evidence}
        recall_facts(connection, again.run, unit, names, derived=derived)
    indicators.evaluate(connection, Catalogue({one.code: one for one in asked}, ""))
    if left_out is not None:
        codes = literals(sorted(left_out))
        connection.execute(f"insert into hits.hit from standing where indicator not in (select unnest({codes}::varchar[]))")

    def judge(connection: duckdb.DuckDBPyConnection, pairs: str) -> None:
        _judge(connection, again, derived, pairs)

    own_days = Home(again.run.parents[1]).working_days
    cases.open_cases(connection, again.previous, again.as_of, judge, worse=again.catalogue.worse, own_days=own_days)


def _judge(connection: duckdb.DuckDBPyConnection, again: _Again, derived: dict[str, str], pairs: str) -> None:
    """Ask the earlier hits again: a few subjects, so their facts are read for them alone."""
    named = {code for (code,) in connection.execute(f"select distinct indicator from {pairs}").fetchall()}
    asked = [one for one in again.catalogue.in_force(again.as_of) if one.code in named]
    for unit in UNITS:
        names = {name for one in asked if one.unit == unit for name in one.evidence}
        recall_facts(connection, again.run, unit, names, derived=derived, only=f"select subject from {pairs}")
    indicators.judge(connection, again.catalogue, pairs)
