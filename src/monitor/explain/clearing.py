"""What would clear a reason: the nearest value of each number, proved by the compiled rule itself.

Only the values at which a comparison of the rule turns (`monitor.indicators.turning`) and their neighbours, a smallest unit
apart, are asked, all in one query of the same SQL that the night runs; what is reported is what that query said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

import duckdb

from monitor.contracts import Fact
from monitor.indicators import Indicator
from monitor.indicators.compile import compile_rule, inlined
from monitor.indicators.syntax import Comparison, FactRef, OneOf, Text, walk
from monitor.indicators.turning import turns
from monitor.store import identifier, literal
from monitor.vocabulary import Outcome

Value = bool | int | Decimal | str | None
# the smallest step of a number of each type, as decimals behind the point
DECIMALS = {"int": 0, "money": 2, "num": 4}
_LARGEST = Decimal(2**31 - 1)
_CLEARED = {Outcome.CLEAR, Outcome.EXEMPT}


@dataclass(frozen=True)
class ClearsAt:
    """A number that would end a reason.

    Attributes:
        fact: whose value.
        value: the nearest value above or below the present one at which the rule no longer hits.
        outcome: clear or exempt.
        last_hit: one smallest unit nearer to the present value, where it does not clear.
    """

    fact: Fact
    value: Decimal
    outcome: Outcome
    last_hit: Decimal


@dataclass(frozen=True)
class Flag:
    """A yes or no, or a code, that would end a reason if it were `value`; an empty code is any other than those named."""

    fact: Fact
    value: bool | str
    outcome: Outcome


@dataclass(frozen=True)
class Clearing:
    """What would end a reason.

    Attributes:
        is_hit: whether the rule as it stands says hit of these facts; if not, it has changed since and nothing was sought.
        values: numbers, each alone.
        flags: yes-or-no facts and codes, each alone.
    """

    is_hit: bool
    values: tuple[ClearsAt, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class _Try:
    """One fact set to another value."""

    fact: Fact
    value: Value


def nearest_clearing(
    connection: duckdb.DuckDBPyConnection, indicator: Indicator, known: Mapping[str, Any], parameters: Mapping[str, Decimal]
) -> Clearing:
    """Find what would clear a hit.

    Args:
        connection: any; nothing is read but literals.
        indicator: whose rule.
        known: fact -> value, for all facts of the rule; None = not known.
        parameters: the rule's parameters in force in the place.
    """
    declared = [indicator.declared_facts[name] for name in indicator.rule.facts]
    tries = [t for fact in declared for t in _tries(indicator, fact, known, parameters)]
    said = _ask(connection, indicator, known, parameters, tries)
    if said[0] != Outcome.HIT:
        return Clearing(is_hit=False)
    outcomes = {(t.fact.name, t.value): outcome for t, outcome in zip(tries, said[1:], strict=True)}
    values = [found for fact in declared if fact.type in DECIMALS for found in _nearest(fact, known[fact.name], outcomes)]
    flags = [
        Flag(t.fact, t.value, outcome)
        for t, outcome in zip(tries, said[1:], strict=True)
        if isinstance(t.value, bool | str) and outcome in _CLEARED
    ]
    return Clearing(True, tuple(values), tuple(flags))


def _tries(indicator: Indicator, fact: Fact, known: Mapping[str, Any], parameters: Mapping[str, Decimal]) -> Iterator[_Try]:
    now = known[fact.name]
    if fact.type == "bool":
        yield from (_Try(fact, value) for value in (True, False) if value is not now)
    elif fact.type == "text":
        yield from (_Try(fact, value) for value in ("", *_codes_named(indicator, fact.name)) if value != now)
    elif fact.type in DECIMALS and now is not None:
        unit = Decimal(1).scaleb(-DECIMALS[fact.type])
        roots = turns(indicator.rule, fact.name, known, parameters)
        steps = {floor(root / Fraction(unit)) + n for root in roots for n in range(-2, 4)}
        lowest, highest = _bounds(fact)
        yield from (_Try(fact, unit * step) for step in sorted(steps) if lowest <= unit * step <= highest)


def _bounds(fact: Fact) -> tuple[Decimal, Decimal]:
    """What a fact can be at all: a value that cannot occur helps nobody."""
    if fact.name.endswith("_in_days"):  # what is left until something may be over; all else is counted or paid
        return -_LARGEST, _LARGEST
    lowest = Decimal(1) if fact.name == "member_count" else Decimal(0)
    return lowest, Decimal(2) if fact.name.startswith("parents_") else _LARGEST


def _nearest(fact: Fact, now: Any, outcomes: Mapping[tuple[str, Value], Outcome]) -> Iterator[ClearsAt]:
    """The nearest clearing value on each side, if one unit nearer was asked too and does not clear."""
    if now is None:
        return
    unit, present = Decimal(1).scaleb(-DECIMALS[fact.type]), Decimal(now)
    tried = sorted((v for name, v in outcomes if name == fact.name and isinstance(v, Decimal)), key=lambda v: abs(v - present))
    for side in (-1, 1):
        cleared = (v for v in tried if (v - present) * side > 0 and outcomes[fact.name, v] in _CLEARED)
        value = next(cleared, None)
        if value is None:
            continue
        before = value - unit * side
        if before == present or outcomes.get((fact.name, before), Outcome.CLEAR) not in _CLEARED:
            yield ClearsAt(fact, value, outcomes[fact.name, value], before)


def _codes_named(indicator: Indicator, name: str) -> list[str]:
    """The codes with which the rule compares a text fact."""
    rule = indicator.rule
    found: list[str] = []
    for node in [*walk(rule.when), *(walk(rule.unless) if rule.unless else ())]:
        match node:
            case OneOf(operand=FactRef(name=own), values=values) if own == name:
                found += [value.value for value in values]
            case Comparison(left=FactRef(name=own), right=Text(value=value)) if own == name:
                found.append(value)
    return list(dict.fromkeys(found))


def _ask(
    connection: duckdb.DuckDBPyConnection,
    indicator: Indicator,
    known: Mapping[str, Any],
    parameters: Mapping[str, Decimal],
    tries: list[_Try],
) -> list[Outcome]:
    """The outcome for the facts as they are, then for each try."""
    rule = compile_rule(indicator.rule, {name: inlined(parameters[name]) for name in indicator.rule.parameters})
    rows = ["(0, '', null)"] + [
        f"({number}, {literal(t.fact.name)}, {literal(_written(t.value))})" for number, t in enumerate(tries, start=1)
    ]
    columns = ", ".join(
        f"case when tried.fact = {literal(name)} then cast(tried.value as {indicator.declared_facts[name].sql_type}) "
        f"else cast({literal(_written(known[name]))} as {indicator.declared_facts[name].sql_type}) end as {identifier(name)}"
        for name in indicator.rule.facts
    )
    asked = f"select number, {columns} from (values {', '.join(rows)}) as tried(number, fact, value)"
    told = connection.execute(f"select {rule.outcome} from ({asked}) as f order by f.number").fetchall()
    return [Outcome(outcome) for (outcome,) in told]


def _written(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
