"""Run the examples that stand in the indicator files through the same compile as the night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from monitor.errors import Fault
from monitor.indicators.compile import compile_rule, joined
from monitor.indicators.in_force import EXAMPLES, values_in_force
from monitor.indicators.indicator import Example, Indicator
from monitor.indicators.load import read_indicator
from monitor.indicators.say import reason_sql
from monitor.indicators.sealed import sealed_connection
from monitor.store import identifier, literal
from monitor.vocabulary import Outcome


@dataclass(frozen=True)
class Told:
    """What the rule said of an example; `reason` as it would stand on a list, without the departments."""

    example: Example
    outcome: Outcome
    reason: str

    @property
    def is_as_expected(self) -> bool:
        return self.outcome == self.example.expect


def run_examples(indicator: Indicator) -> list[Told]:
    """What the rule says of each of its examples."""
    parameters = {name: joined(name) for name in indicator.parameters}
    outcome = compile_rule(indicator.rule, parameters).outcome
    reason = reason_sql(indicator, parameters, {}, EXAMPLES.day)
    selects = [
        f"select {number} as number, {outcome} as outcome, {reason} as reason "
        f"from (select {_facts(indicator, example)}) as f, (select {_parameters(indicator, example)}) as p"
        for number, example in enumerate(indicator.examples)
    ]
    rows = sealed_connection().cursor().execute(" union all ".join(selects) + " order by number").fetchall()
    return [Told(indicator.examples[number], Outcome(said), text) for number, said, text in rows]


def check_file(path: Path) -> list[Fault]:
    """Everything that is wrong with one indicator file, its examples included; empty when it is right."""
    indicator, faults = read_indicator(path)
    if faults or indicator is None:
        return faults
    return failed_examples(indicator, path.name)


def failed_examples(indicator: Indicator, name: str = "") -> list[Fault]:
    """The examples of a right indicator that do not come out as they say.

    Args:
        indicator: which.
        name: of its file; its code when not given.
    """
    where = f"{name or indicator.code}: examples"
    return [
        Fault(where, f"例子“{told.example.name}”得出 {told.outcome}", f"{told.example.expect}")
        for told in run_examples(indicator)
        if not told.is_as_expected
    ]


@cache
def example_parameters() -> dict[str, Decimal]:
    """The parameter values in force in the place and on the day of the examples."""
    return {name: value.value for name, value in values_in_force(EXAMPLES).items()}


def _facts(indicator: Indicator, example: Example) -> str:
    """Each fact of the evidence as a typed value; one that is not given is not known."""
    return ", ".join(
        f"cast({_written(example.given.get(name))} as {indicator.declared_facts[name].sql_type}) as {identifier(name)}"
        for name in dict.fromkeys((*indicator.evidence, *example.given))
    )


def _parameters(indicator: Indicator, example: Example) -> str:
    values = {name: example.param.get(name, example_parameters()[name]) for name in indicator.parameters}
    return ", ".join(f"cast({value} as decimal(18,6)) as {identifier(name)}" for name, value in values.items()) or "1"


def _written(value: bool | int | Decimal | date | str | None) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else literal(value)
