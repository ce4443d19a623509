"""The smallest change of one number that would have made a rule hit, proved by the compiled rule itself.

What `monitor explain` does to clear a hit, turned round: only the values at which a comparison turns, rounded to how such
numbers are set, and their neighbours are asked, all subjects of a rule in one query of the same SQL that the night runs. Ages
are left as they are: they are decreed by law, and a few years more or less are another rule, not a small change of this one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import duckdb

from monitor.indicators import Indicator
from monitor.indicators.compile import compile_rule, joined
from monitor.indicators.evaluate import is_asked
from monitor.indicators.turning import PARAMETER, turns
from monitor.parameters.load import parameter_index
from monitor.store import identifier, literal
from monitor.vocabulary import Outcome

_LARGEST = Decimal(10) ** 9


@dataclass(frozen=True)
class WouldHit:
    """A number that would have made a rule hit.

    Attributes:
        indicator, parameter: whose number.
        now: in force in the place.
        value: the nearest at which the rule hits; money in whole yuan, shares and multiples in hundredths.
    """

    indicator: str
    parameter: str
    now: Decimal
    value: Decimal

    @property
    def change(self) -> Fraction:
        """How far the number must move, as a share of what it is."""
        return abs(Fraction(self.value) - Fraction(self.now)) / (Fraction(self.now) or 1)


@dataclass(frozen=True)
class Said:
    """What a rule said of a subject of a household (keys), and of every number of it the nearest change that makes it hit."""

    household: int
    subject: int
    outcome: Outcome
    would_hit: tuple[WouldHit, ...] = ()


@dataclass(frozen=True)
class _Try:
    """One number set to another value, for one subject."""

    subject: int
    parameter: str
    now: Decimal
    value: Decimal


def ask_rule(connection: duckdb.DuckDBPyConnection, indicator: Indicator) -> list[Said]:
    """Ask a rule of everybody in `facts.<unit>`, and what would make those hit of whom it says clear.

    Args:
        connection: after `recall_people`, `recall_parameters` and `recall_facts` for the facts and numbers of the rule.
        indicator: whose rule.
    """
    names = indicator.rule.parameters
    told = _said_now(connection, indicator)
    tries = [
        t
        for _, subject, outcome, known, now in told
        if outcome == Outcome.CLEAR
        for t in _tries(indicator, subject, known, now)
    ]
    nearest: dict[tuple[int, str], _Try] = {}
    for one in _hitting(connection, indicator, tries):
        best = nearest.get((one.subject, one.parameter))
        if best is None or abs(one.value - one.now) < abs(best.value - best.now):
            nearest[one.subject, one.parameter] = one
    return [
        Said(
            household,
            subject,
            outcome,
            tuple(
                WouldHit(indicator.code, name, nearest[subject, name].now, nearest[subject, name].value)
                for name in names
                if (subject, name) in nearest
            ),
        )
        for household, subject, outcome, _, _ in told
    ]


def _said_now(
    connection: duckdb.DuckDBPyConnection, indicator: Indicator
) -> list[tuple[int, int, Outcome, dict[str, Any], dict[str, Decimal]]]:
    """Household, subject, outcome, facts and numbers of everybody asked."""
    facts, names = indicator.rule.facts, indicator.rule.parameters
    rule = compile_rule(indicator.rule, {name: joined(name) for name in names})
    columns = [*(f"f.{identifier(name)}" for name in facts), *map(joined, names)]
    rows = connection.execute(
        f"select {', '.join(['f.household', f'f.{indicator.unit}', rule.outcome, *columns])} "
        f"from {_source(indicator)} where {is_asked(indicator)} order by all"
    ).fetchall()
    end = 3 + len(facts)
    return [
        (
            row[0],
            row[1],
            Outcome(row[2]),
            dict(zip(facts, row[3:end], strict=True)),
            dict(zip(names, row[end:], strict=True)),
        )
        for row in rows
    ]


def _tries(indicator: Indicator, subject: int, known: Mapping[str, Any], now: Mapping[str, Decimal]) -> Iterator[_Try]:
    for name in indicator.rule.parameters:
        if parameter_index()[name].unit == "years":
            continue
        unit = _unit(name)
        roots = turns(indicator.rule, PARAMETER + name, known, now)
        steps = {floor(root / Fraction(unit)) + n for root in roots for n in range(-1, 3)}
        yield from (_Try(subject, name, now[name], unit * step) for step in sorted(steps) if 0 < unit * step < _LARGEST)


def _hitting(connection: duckdb.DuckDBPyConnection, indicator: Indicator, tries: Sequence[_Try]) -> list[_Try]:
    """Those of the tries at which the rule hits."""
    if not tries:
        return []
    tried = {
        name: f"coalesce(case when t.parameter = {literal(name)} then cast(t.value as decimal(18,6)) end, {joined(name)})"
        for name in indicator.rule.parameters
    }
    values = ", ".join(f"({n}, {t.subject}, {literal(t.parameter)}, {t.value:f})" for n, t in enumerate(tries))
    rows = connection.execute(
        f"select t.number from {_source(indicator)} join (values {values}) as t(number, subject, parameter, value) "
        f"on t.subject = f.{indicator.unit} where {compile_rule(indicator.rule, tried).hit} order by t.number"
    ).fetchall()
    return [tries[number] for (number,) in rows]


def _source(indicator: Indicator) -> str:
    return f"facts.{indicator.unit} as f left join parameters.in_force as p on p.place_id = f.place_id"


def _unit(parameter: str) -> Decimal:
    """The smallest step in which a number is set: nobody decrees a cent."""
    return Decimal("0.01") if parameter_index()[parameter].unit == "ratio" else Decimal(1)
