"""What the lists would be for each of several values of one number: how much hangs on it, and where it turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from monitor.plan.change import read_change
from monitor.plan.compare import Effect
from monitor.plan.foresee import foresee_each
from monitor.run import Home
from monitor.settings import Settings
from monitor.store import connect, literal, stored
from monitor.vocabulary import CaseKind


@dataclass(frozen=True)
class Step:
    """One value that is tried.

    Attributes:
        value: of the parameter.
        hits: persons and households that the indicators it touches hit.
        cases: open visit cases, of every colour.
        listed: of them on a list.
        joined, left: that would join and leave the lists.
        over: townships with more new visits than places in a week.
    """

    value: Decimal
    hits: int
    cases: int
    listed: int
    joined: int
    left: int
    over: int


@dataclass(frozen=True)
class Sensitivity:
    """What hangs on a number.

    Attributes:
        parameter: its name.
        as_of: the night that was asked.
        now: its values in force that night, anywhere in the installation.
        hits, cases, listed: as they are.
        steps: by rising value.
        indicators: codes of those that it touches.
    """

    parameter: str
    as_of: date
    now: tuple[Decimal, ...]
    hits: int
    cases: int
    listed: int
    steps: tuple[Step, ...]
    indicators: tuple[str, ...]


def sensitivity(
    settings: Settings,
    parameter: str,
    values: Sequence[Decimal | int | str],
    region: str | None = None,
    as_of: date | None = None,
) -> Sensitivity:
    """Try several values of a parameter on a night that was run, each as `foresee` does.

    Args:
        settings: of the installation.
        parameter: its name.
        values: to try.
        region: division code whose places get them; the installation's when not given.
        as_of: the night; the last one when not given.

    Raises:
        UsageError: there is no such parameter, value, region or run.
    """
    region = region or settings.region
    changes = [read_change([f"{parameter}={value}"], region) for value in values] or [read_change([], region)]
    effects = foresee_each(settings, changes, as_of)
    steps = (_step(change.values[parameter], effect) for change, effect in zip(changes, effects, strict=True))
    first = effects[0]
    return Sensitivity(
        parameter=parameter,
        as_of=first.as_of,
        now=_in_force(settings, parameter, first.as_of),
        hits=sum(before for before, _ in first.hits.values()),
        cases=_cases(first, after=False),
        listed=sum(one.before for one in first.movements if one.kind == CaseKind.VISIT),
        steps=tuple(sorted(steps, key=lambda step: step.value)),
        indicators=tuple(first.hits),
    )


def _step(value: Decimal, effect: Effect) -> Step:
    visits = [one for one in effect.movements if one.kind == CaseKind.VISIT]
    return Step(
        value=value,
        hits=sum(after for _, after in effect.hits.values()),
        cases=_cases(effect, after=True),
        listed=sum(one.after for one in visits),
        joined=sum(one.joined for one in visits),
        left=sum(one.left for one in visits),
        over=sum(week.over for week in effect.weeks),
    )


def _cases(effect: Effect, *, after: bool) -> int:
    """Open visit cases before or after; a case without a colour is not there."""
    return sum(n for (kind, *colours), n in effect.colours.items() if kind == CaseKind.VISIT and colours[after])


def _in_force(settings: Settings, parameter: str, as_of: date) -> tuple[Decimal, ...]:
    file = stored(Home(settings.home).run_of(as_of) / "parameters.parquet")
    with connect(None, settings) as connection:
        rows = connection.execute(f"select distinct value from {file} where parameter = {literal(parameter)} order by value")
        return tuple(value for (value,) in rows.fetchall())
