"""Households that were helped though nothing had warned of them, and the smallest change of a number that would have.

Two ways show them: from one night to the next a household has come onto the low-income list or got temporary aid, without a
visit case on any night up to the first of the two; or a random audit found need. What the rules said is asked of the
night before the help, with its own facts, numbers and catalogue.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Literal

import duckdb

from monitor.indicators import Indicator, catalogue_of
from monitor.plan.recall import UNITS, recall_facts, recall_parameters, recall_people
from monitor.plan.would_hit import Said, WouldHit, ask_rule
from monitor.run import Home
from monitor.settings import Settings
from monitor.store import connect, literal, literals, stored, stored_runs
from monitor.vocabulary import Answer, Direction, Outcome

How = Literal["enrolled", "temporary", "audit"]
_WARNS = {Direction.RISK, Direction.UNCOVERED}
_NEEDED = [Answer.TRUE_ENROLLED, Answer.TRUE_REFERRED, Answer.TRUE_TEMPORARY]

_HELPED = """
select was.subject, home.county, if(now.on_low_income_list, 'enrolled', 'temporary')
from {was} as was
join {now} as now on now.subject = was.subject
join {homes} as home on home.subject = was.subject
anti join (select household from {cases} where kind = 'visit') as warned on warned.household = was.subject
where not was.on_low_income_list
    and (now.on_low_income_list or now.temporary_aid_12m_count > was.temporary_aid_12m_count)
order by was.subject
"""
_AUDITED = """
select subject, county, answered_on from {audits}
where drawn_on = {day} and answer in (select unnest({needed}::varchar[])) order by subject
"""


@dataclass(frozen=True)
class Missed:
    """A household that was helped without a warning.

    Attributes:
        household: its id (`F:`, `H:`); restricted, and in no representation.
        county: its code.
        how: it came onto the low-income list, got temporary aid, or a random audit found need.
        asked_on: the night that did not warn of it.
        known_on: the night that shows the help, or the day of the audit.
        unknown: codes of the rules that could not tell of it or of a member.
        near: for every rule and number the nearest change that would have made the rule hit, smallest change first.
    """

    household: str = field(repr=False)
    county: str
    how: How
    asked_on: date
    known_on: date
    unknown: tuple[str, ...]
    near: tuple[WouldHit, ...]


@dataclass(frozen=True)
class Catch:
    """A number of a rule, moved so far (a share of what it is) that so many of the missed households would have been warned of.

    `nearest` is the household's that needs the whole of the change.
    """

    nearest: WouldHit
    households: int


@dataclass(frozen=True)
class _Found:
    household: str
    county: str
    how: How
    known_on: date


def missed(settings: Settings) -> list[Missed]:
    """Every household of the whole nights of a home that was helped without a warning, by night, first time only.

    Raises:
        UsageError: there is no run.
        CatalogueInvalid: a night kept no catalogue that today's facts and parameters fit.
    """
    home = Home(settings.home)
    home.find_run(None)
    seen: set[str] = set()
    told: list[Missed] = []
    with connect(None, settings, variables={"region": settings.region}) as connection:
        for run in home.whole_runs():
            found = {one.household: one for one in _found(connection, home, run) if one.household not in seen}
            seen |= found.keys()
            told += _asked(connection, run, found) if found else []
    return told


def catches(missed: Iterable[Missed], within: Fraction = Fraction(1, 2)) -> list[Catch]:
    """What moving one number of one rule would have caught, most households first, then the smallest change.

    Args:
        missed: see `missed`.
        within: the largest change looked at, as a share of the number.
    """
    by_number: dict[tuple[str, str, bool], list[WouldHit]] = {}
    for one in missed:
        for near in one.near:
            if near.change <= within:
                by_number.setdefault((near.indicator, near.parameter, near.value > near.now), []).append(near)
    found = []
    for nears in by_number.values():
        rising = sorted(nears, key=lambda near: near.change)
        found += [
            Catch(near, n) for n, near in enumerate(rising, start=1) if rising[n:] == [] or rising[n].change > near.change
        ]
    return sorted(found, key=lambda one: (-one.households, one.nearest.change, one.nearest.indicator, one.nearest.parameter))


def _found(connection: duckdb.DuckDBPyConnection, home: Home, run: Path) -> list[_Found]:
    """The households of a night that were helped after it without a case up to it."""
    day, newest = date.fromisoformat(run.name), home.run_folders()[-1]
    audits = newest / "audits.parquet"
    found: list[_Found] = []
    if audits.is_file():
        asked = _AUDITED.format(audits=stored(audits), day=literal(day), needed=literals([one.value for one in _NEEDED]))
        found += [_Found(who, county, "audit", on) for who, county, on in connection.execute(asked).fetchall()]
    later = next((one for one in home.whole_runs() if one.name > run.name), None)
    if later:
        until = [one / "cases.parquet" for one in home.run_folders() if one.name <= run.name]
        helped = _HELPED.format(
            was=stored(run / "facts_household.parquet"),
            now=stored(later / "facts_household.parquet"),
            homes=stored(run / "household.parquet"),
            cases=stored_runs(until),
        )
        on = date.fromisoformat(later.name)
        found += [_Found(who, county, how, on) for who, county, how in connection.execute(helped).fetchall()]
    return found


def _asked(connection: duckdb.DuckDBPyConnection, run: Path, found: dict[str, _Found]) -> list[Missed]:
    """What the rules of a night said of households and their members."""
    day = date.fromisoformat(run.name)
    connection.execute(f"set variable as_of = {literal(day)}")
    rules = [one for one in catalogue_of(run).in_force(day) if one.direction in _WARNS]
    recall_people(connection, run)
    lacking = set(recall_parameters(connection, run, [name for rule in rules for name in rule.rule.parameters]))
    keys = _keys(connection, found)
    _recall(connection, run, rules, keys)
    said: dict[int, list[Said]] = {key: [] for key in keys.values()}
    unknown: dict[int, set[str]] = {key: set() for key in keys.values()}
    for rule in rules:
        if lacking.intersection(rule.rule.parameters):
            continue
        for one in ask_rule(connection, rule):
            said[one.household].append(one)
            if one.outcome == Outcome.UNKNOWN:
                unknown[one.household].add(rule.code)
    return [
        Missed(who, one.county, one.how, day, one.known_on, tuple(sorted(unknown[keys[who]])), _nearest(said[keys[who]]))
        for who, one in sorted(found.items())
        if who in keys
    ]


def _recall(connection: duckdb.DuckDBPyConnection, run: Path, rules: Sequence[Indicator], keys: dict[str, int]) -> None:
    """Facts of the households and their members only."""
    wanted = ", ".join(map(str, keys.values())) or "null"
    for unit in UNITS:
        names = {name for rule in rules if rule.unit == unit for name in rule.rule.facts}
        recall_facts(connection, run, unit, names, only=f"select {unit} from core.{unit} where household in ({wanted})")


def _keys(connection: duckdb.DuckDBPyConnection, found: Collection[str]) -> dict[str, int]:
    wanted = literals(sorted(found))
    return dict(
        connection.execute(
            f"select household_id, household from core.household where household_id in (select unnest({wanted}::varchar[]))"
        ).fetchall()
    )


def _nearest(said: Iterable[Said]) -> tuple[WouldHit, ...]:
    """Of all members the one nearest to each rule's number."""
    best: dict[tuple[str, str], WouldHit] = {}
    for near in sorted((near for one in said for near in one.would_hit), key=lambda near: near.change):
        best.setdefault((near.indicator, near.parameter), near)
    return tuple(best.values())
