"""The laws of the catalogue: what an indicator, and a catalogue as a whole, must keep."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from monitor.contracts import Fact
from monitor.errors import Fault
from monitor.indicators.expression import ExpressionRefusedError, read_expression
from monitor.indicators.indicator import PLACEHOLDER, Indicator
from monitor.parameters.load import parameter_index
from monitor.parameters.nearest import did_you_mean
from monitor.vocabulary import Outcome

_EXAMPLE_TYPES: dict[str, tuple[type, ...]] = {
    "bool": (bool,),
    "int": (int,),
    "money": (int, Decimal),
    "num": (int, Decimal),
    "date": (date,),
    "text": (str,),
}


@cache
def sources() -> dict[str, str]:
    """The documents and practices that indicators rest on: key -> name."""
    return tomllib.loads((Path(__file__).parent / "basis.toml").read_text(encoding="utf-8"))


def indicator_faults(indicator: Indicator) -> list[Fault]:
    """What the laws of the catalogue find wrong with one indicator; empty when it is right."""
    unread = _expression_faults(indicator)
    if unread:
        return unread
    declared = indicator.declared_facts
    faults = [
        Fault("evidence", f"{name} 不是这类对象的事实", did_you_mean(name, declared))
        for name in indicator.evidence
        if name not in declared
    ]
    faults += [
        Fault("evidence", f"缺 {name}", why="看的人要看到条件读的每个事实", remedy="补上")
        for name in indicator.rule.facts
        if name not in indicator.evidence
    ]
    faults += _say_faults(indicator) + _measure_faults(indicator)
    faults += [
        Fault("basis", f"没有依据 {key}", did_you_mean(key, sources()) or "basis.toml 里的编号")
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
            found = f"{'param.' if is_param else ''}{name} 不是依据的事实，也不是参数"
            faults.append(Fault("say", found, did_you_mean(name, known)))
        elif not is_param and name in indicator.declared_facts and indicator.declared_facts[name].type == "bool":
            faults.append(Fault("say", f"{name} 是是非，填不出数", "直接用话说"))
    if "{" in PLACEHOLDER.sub("", indicator.say) or "}" in PLACEHOLDER.sub("", indicator.say):
        faults.append(Fault("say", "花括号没有写对", "{事实}、{param.参数}、{事实:percent}"))
    return faults


def _measure_faults(indicator: Indicator) -> list[Fault]:
    if indicator.measure is None:
        return []
    name = indicator.measure.fact
    fact = indicator.declared_facts.get(name)
    if name in indicator.rule.facts and fact and fact.type in ("int", "money", "num"):
        return []
    return [Fault("measure", f"{name} 不是条件读的数", ", ".join(indicator.rule.facts))]


def _example_faults(indicator: Indicator) -> list[Fault]:
    faults = []
    for number, example in enumerate(indicator.examples, start=1):
        where = f"examples.{number}"
        for name, value in example.given.items():
            fault = _value_fault(f"{where}.given", name, value, indicator.declared_facts)
            faults += [fault] if fault else []
        faults += [
            Fault(f"{where}.param", f"{name} 不是这个指标的参数", ", ".join(indicator.rule.parameters) or "没有参数")
            for name in example.param
            if name not in indicator.rule.parameters
        ]
    wanted = {Outcome.HIT, Outcome.CLEAR, Outcome.UNKNOWN} | ({Outcome.EXEMPT} if indicator.unless else set())
    missing = sorted(wanted - {example.expect for example in indicator.examples})
    doubled = [name for name, count in Counter(e.name for e in indicator.examples).items() if count > 1]
    faults += [Fault("examples", f"没有得出 {outcome} 的例子", "每种结论至少一个") for outcome in missing]
    return faults + [Fault("examples", f"有两个都叫 {name}", "各有各的名称") for name in doubled]


def _value_fault(where: str, name: str, value: object, declared: dict[str, Fact]) -> Fault | None:
    if name not in declared:
        return Fault(where, f"{name} 不是这类对象的事实", did_you_mean(name, declared))
    if type(value) in _EXAMPLE_TYPES[declared[name].type]:
        return None
    return Fault(f"{where}.{name}", f"值的类型是 {type(value).__name__}", declared[name].type)


def collective_faults(found: list[tuple[str, Indicator]]) -> list[Fault]:
    """Faults that show only when files stand side by side: doubled codes and doubled rules.

    Args:
        found: file name and indicator.
    """
    faults = []
    codes: dict[str, str] = {}
    rules: dict[tuple[str, str, str, str | None], str] = {}
    for name, indicator in found:
        if indicator.code in codes:
            faults.append(Fault(name, f"代码在 {codes[indicator.code]} 里已经用了", "一个代码一个文件"))
        codes.setdefault(indicator.code, name)
        rule = (indicator.unit, indicator.asked, " ".join(indicator.when.split()), indicator.unless)
        if rule in rules and rules[rule] != indicator.code:
            faults.append(Fault(f"{name}: when", f"条件和 {rules[rule]} 完全一样", "不同的条件"))
        rules.setdefault(rule, indicator.code)
    return faults
