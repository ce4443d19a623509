"""Read the catalogue: every file is checked against every law, and every fault is told at once."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from monitor.contracts import Fact
from monitor.errors import CatalogueInvalid, Fault
from monitor.indicators.expression import ExpressionRefusedError, read_expression
from monitor.indicators.indicator import CODE_PATTERN, PLACEHOLDER, Indicator
from monitor.parameters.load import parameter_index
from monitor.parameters.nearest import did_you_mean
from monitor.vocabulary import DOMAINS, Outcome

CATALOGUE = Path(__file__).parent / "catalogue"
_FILE_NAME = re.compile(rf"({CODE_PATTERN})_([a-z][a-z0-9_]*)")
_EXAMPLE_TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "money": (int, Decimal),
    "num": (int, Decimal),
    "date": (date,),
    "text": (str,),
}


@dataclass(frozen=True)
class Catalogue:
    """The indicators by code, in the order of their codes; `sha256` of their files and of the list of sources."""

    indicators: dict[str, Indicator]
    sha256: str

    def in_force(self, as_of: date) -> list[Indicator]:
        """The indicators that are asked on a day."""
        return [indicator for indicator in self.indicators.values() if indicator.is_in_force(as_of)]


@cache
def sources() -> dict[str, str]:
    """The documents and practices that indicators rest on: key -> name."""
    return tomllib.loads((Path(__file__).parent / "basis.toml").read_text(encoding="utf-8"))


def load_catalogue(folder: Path = CATALOGUE) -> Catalogue:
    """Read `<folder>/<domain>/<CODE>_<name>.toml`.

    Raises:
        CatalogueInvalid: with every fault of every file.
    """
    faults: list[Fault] = []
    found: list[tuple[Path, Indicator]] = []
    digest = hashlib.sha256(repr(sorted(sources().items())).encode())
    for path in sorted(folder.rglob("*.toml"), key=lambda p: (p.name, p.parent.name)):
        digest.update(f"{path.parent.name}/{path.name}\n".encode() + path.read_bytes())
        indicator, wrong = read_indicator(path)
        faults += wrong
        if indicator:
            found.append((path, indicator))
    faults += _collective_faults(found)
    if faults:
        raise CatalogueInvalid(f"The catalogue has {len(faults)} faults; nothing was evaluated.", faults)
    return Catalogue({indicator.code: indicator for _, indicator in found}, digest.hexdigest())


def read_indicator(path: Path) -> tuple[Indicator | None, list[Fault]]:
    """Read one file.

    Returns:
        the indicator (None when its fields cannot be read) and every fault found.
    """
    name = _FILE_NAME.fullmatch(path.stem)
    if not name or name[1][:3] not in DOMAINS:
        allowed = f"<CODE>_<name>.toml with a code of {', '.join(DOMAINS)}, such as EXP-004_resident_self_paid.toml"
        return None, [Fault(path.name, "the file name holds no code", allowed, "the path is the identity")]
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, [Fault(path.name, f"not TOML in UTF-8: {error}")]
    if "code" in values:
        return None, [
            Fault(f"{path.name}: code", "the file name gives the code", why="the path is the identity", remedy="drop it")
        ]
    try:
        indicator = Indicator.model_validate({"code": name[1], **values})
    except ValidationError as error:
        return None, [_field_fault(path, detail) for detail in error.errors(include_url=False)]
    faults = [] if path.parent.name == indicator.folder else [Fault(f"{path.name}: folder", path.parent.name, indicator.folder)]
    return indicator, faults + [
        Fault(f"{path.name}: {fault.where}", fault.found, fault.allowed, fault.why, fault.remedy)
        for fault in indicator_faults(indicator)
    ]


def _field_fault(path: Path, detail: Any) -> Fault:
    """One message of pydantic, with the nearest field for a name that does not exist."""
    field = ".".join(map(str, detail["loc"])) or "file"
    if detail["type"] == "extra_forbidden":
        near = did_you_mean(str(detail["loc"][-1]), Indicator.model_fields)
        return Fault(f"{path.name}: {field}", "no such field", near or ", ".join(Indicator.model_fields))
    return Fault(f"{path.name}: {field}", detail["msg"])


def indicator_faults(indicator: Indicator) -> list[Fault]:
    """What the laws of the catalogue find wrong with one indicator; empty when it is right."""
    unread = _expression_faults(indicator)
    if unread:
        return unread
    declared = indicator.declared_facts
    faults = [
        Fault("evidence", f"{name} is not a fact of this unit", did_you_mean(name, declared))
        for name in indicator.evidence
        if name not in declared
    ]
    faults += [
        Fault("evidence", f"{name} is missing", why="the reader must see every fact that the rule read", remedy="add it")
        for name in indicator.rule.facts
        if name not in indicator.evidence
    ]
    faults += _say_faults(indicator) + _measure_faults(indicator)
    faults += [
        Fault("basis", f"no source has the key {key}", did_you_mean(key, sources()) or "a key of basis.toml")
        for key in indicator.basis
        if key not in sources()
    ]
    return faults + _example_faults(indicator)


def _expression_faults(indicator: Indicator) -> list[Fault]:
    faults = []
    for field in ("when", "unless"):
        text = getattr(indicator, field)
        if text is None:
            continue
        try:
            read_expression(text, indicator.declared_facts, parameter_index())
        except ExpressionRefusedError as refused:
            faults.append(Fault(field, refused.found, refused.allowed, refused.why))
    return faults


def _say_faults(indicator: Indicator) -> list[Fault]:
    faults = []
    for is_param, name, _ in PLACEHOLDER.findall(indicator.say):
        known: Any = parameter_index() if is_param else indicator.evidence
        if name not in known:
            found = f"{'param.' if is_param else ''}{name} is neither evidence nor a parameter"
            faults.append(Fault("say", found, did_you_mean(name, known)))
        elif not is_param and name in indicator.declared_facts and indicator.declared_facts[name].type == "bool":
            faults.append(Fault("say", f"{name} is a yes or no", "a sentence that says it in words"))
    if "{" in PLACEHOLDER.sub("", indicator.say) or "}" in PLACEHOLDER.sub("", indicator.say):
        faults.append(Fault("say", "a brace that is no placeholder", "{fact}, {param.name}, {fact:percent}"))
    return faults


def _measure_faults(indicator: Indicator) -> list[Fault]:
    if indicator.measure is None:
        return []
    name = indicator.measure.fact
    fact = indicator.declared_facts.get(name)
    if name in indicator.rule.facts and fact and fact.type in ("int", "money", "num"):
        return []
    return [Fault("measure", f"{name} is not a number that the rule reads", ", ".join(indicator.rule.facts))]


def _example_faults(indicator: Indicator) -> list[Fault]:
    faults = []
    for number, example in enumerate(indicator.examples, start=1):
        where = f"examples.{number}"
        for name, value in example.given.items():
            fault = _value_fault(f"{where}.given", name, value, indicator.declared_facts)
            faults += [fault] if fault else []
        faults += [
            Fault(f"{where}.param", f"{name} is no parameter of this rule", ", ".join(indicator.rule.parameters) or "none")
            for name in example.param
            if name not in indicator.rule.parameters
        ]
    wanted = {Outcome.HIT, Outcome.CLEAR, Outcome.UNKNOWN} | ({Outcome.EXEMPT} if indicator.unless else set())
    missing = sorted(wanted - {example.expect for example in indicator.examples})
    doubled = [name for name, count in Counter(e.name for e in indicator.examples).items() if count > 1]
    faults += [Fault("examples", f"none expects {outcome}", "at least one of each outcome") for outcome in missing]
    return faults + [Fault("examples", f"two are named {name}", "a name of its own") for name in doubled]


def _value_fault(where: str, name: str, value: object, declared: dict[str, Fact]) -> Fault | None:
    if name not in declared:
        return Fault(where, f"{name} is not a fact of this unit", did_you_mean(name, declared))
    if type(value) in _EXAMPLE_TYPES[declared[name].type]:
        return None
    return Fault(f"{where}.{name}", f"a value of type {type(value).__name__}", declared[name].type)


def _collective_faults(found: list[tuple[Path, Indicator]]) -> list[Fault]:
    """Faults that show only when files stand side by side."""
    faults = []
    codes: dict[str, Path] = {}
    rules: dict[tuple[str, str, str, str | None], str] = {}
    for path, indicator in found:
        if indicator.code in codes:
            faults.append(Fault(path.name, f"the code stands in {codes[indicator.code].name} as well", "one file per code"))
        codes.setdefault(indicator.code, path)
        rule = (indicator.unit, indicator.asked, " ".join(indicator.when.split()), indicator.unless)
        if rule in rules and rules[rule] != indicator.code:
            faults.append(Fault(f"{path.name}: when", f"the same rule as {rules[rule]}", "a rule of its own"))
        rules.setdefault(rule, indicator.code)
    return faults
