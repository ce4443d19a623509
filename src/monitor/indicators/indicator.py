"""What an indicator file holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from monitor.contracts import Fact, facts
from monitor.indicators.expression import read_expression
from monitor.indicators.syntax import FactRef, Node, ParamRef, walk
from monitor.parameters.load import parameter_index
from monitor.vocabulary import DOMAINS, POINTS, Direction, Level, Outcome

CODE_PATTERN = r"[A-Z]{3}-\d{3}"
PLACEHOLDER = re.compile(r"\{(?:(param)\.)?([a-z][a-z0-9_]*)(?::(percent))?\}")

Asks = Literal["members", "living", "everybody"]


@dataclass(frozen=True)
class Rule:
    """The checked expressions of an indicator."""

    when: Node
    unless: Node | None

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The facts it reads, in reading order."""
        return tuple(dict.fromkeys(node.name for node in self._nodes if isinstance(node, FactRef)))

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The parameters it reads, in reading order."""
        return tuple(dict.fromkeys(node.name for node in self._nodes if isinstance(node, ParamRef)))

    @property
    def _nodes(self) -> tuple[Node, ...]:
        return (*walk(self.when), *(walk(self.unless) if self.unless else ()))


class Measure(BaseModel):
    """The numeric fact by which a hit can worsen: higher or lower is worse."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fact: str
    worse: Literal["higher", "lower"]


class Example(BaseModel):
    """A sentence and a few facts. A fact that is left out is not known.

    Attributes:
        given: fact -> value.
        param: parameter -> value; others have the value in force in rural Yunnan on the day of the examples.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    given: dict[str, bool | int | Decimal | date | str]
    param: dict[str, int | Decimal] = {}
    expect: Outcome


class Indicator(BaseModel):
    """One question, asked of every person or of every household.

    Attributes:
        title: in Chinese; `title_en` in English.
        why: why the question is asked, in Chinese.
        family: of the hits of one family in a case only the one of the highest level counts.
        route: what the visit may lead to.
        since, until: the first and the last day on which it is asked.
        asks: of whom a person rule is asked; None = members for risk and uncovered, everybody for integrity and process.
        when, unless: the rule; see `expression`.
        evidence: facts in the order in which a reader should see them; at least all that the rule reads.
        say: the reason in plain Chinese with `{fact}`, `{param.name}` and `{...:percent}`.
        ask: what to ask at the door.
        false_alarms: known harmless explanations.
        basis: keys of `basis.toml`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=f"^{CODE_PATTERN}$")
    title: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    why: str = Field(min_length=1)
    unit: Literal["person", "household"]
    direction: Direction
    level: Level
    family: str | None = Field(default=None, pattern=r"^[a-z][a-z_]*$")
    route: str = Field(min_length=1)
    since: date
    until: date | None = None
    asks: Asks | None = None
    when: str
    unless: str | None = None
    evidence: tuple[str, ...] = Field(min_length=1)
    measure: Measure | None = None
    say: str = Field(min_length=1)
    ask: str = Field(min_length=1)
    false_alarms: tuple[str, ...] = Field(min_length=1)
    basis: tuple[str, ...] = Field(min_length=1)
    examples: tuple[Example, ...] = Field(min_length=4)

    @model_validator(mode="after")
    def _dates_in_order(self) -> Indicator:
        if self.until and self.until < self.since:
            raise ValueError(f"停用日 {self.until} 早于启用日 {self.since}")
        if self.asks and self.unit == "household":
            raise ValueError("asks 只用于问个人的指标；问家庭的问每一户")
        return self

    @property
    def domain(self) -> str:
        return self.code[:3]

    @property
    def folder(self) -> str:
        return DOMAINS[self.domain][0]

    @property
    def points(self) -> int:
        return POINTS[self.level]

    @property
    def asked(self) -> Asks:
        """Of whom a person rule is asked."""
        visits = self.direction in (Direction.RISK, Direction.UNCOVERED)
        return self.asks or ("members" if visits else "everybody")

    @property
    def declared_facts(self) -> dict[str, Fact]:
        """The facts that this indicator may name."""
        return facts(self.unit)

    @cached_property
    def rule(self) -> Rule:
        """The rule, read and checked.

        Raises:
            ExpressionRefusedError: it says something that a rule may not say.
        """
        parameters = parameter_index()
        return Rule(
            when=read_expression(self.when, self.declared_facts, parameters),
            unless=read_expression(self.unless, self.declared_facts, parameters) if self.unless else None,
        )

    @property
    def said_facts(self) -> tuple[str, ...]:
        return tuple(name for param, name, _ in PLACEHOLDER.findall(self.say) if not param)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that the rule or its reason names, in reading order."""
        said = (name for param, name, _ in PLACEHOLDER.findall(self.say) if param)
        return tuple(dict.fromkeys((*self.rule.parameters, *said)))

    @property
    def extracts(self) -> tuple[str, ...]:
        """The extracts behind the evidence, in alphabetical order."""
        return tuple(sorted({need for name in self.evidence for need in self.declared_facts[name].needs}))

    def is_in_force(self, as_of: date) -> bool:
        return self.since <= as_of and (self.until is None or as_of <= self.until)
