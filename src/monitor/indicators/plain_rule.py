"""A rule in plain Chinese, written from its tree with the Chinese names of facts and parameters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from monitor.contracts import Fact
from monitor.indicators.indicator import PLACEHOLDER, Indicator
from monitor.indicators.syntax import (
    Arithmetic,
    Comparison,
    FactRef,
    Junction,
    Node,
    Not,
    Number,
    OneOf,
    ParamRef,
    Text,
    walk,
)
from monitor.parameters.load import parameter_index

_SIGNS = {"=": "为", "<>": "不为", "<": "低于", "<=": "不超过", ">": "超过", ">=": "达到或超过"}
_ARITHMETIC = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_ALL, _ANY = "下列各项同时成立：", "下列各项至少一项成立："


def plain_condition(indicator: Indicator) -> str:
    """When an indicator warns."""
    return PlainRule(indicator.declared_facts).condition(indicator.rule.when)


def plain_exemption(indicator: Indicator) -> str:
    """When it does not warn all the same; empty when there is no such case."""
    unless = indicator.rule.unless
    return PlainRule(indicator.declared_facts).condition(unless) if unless else ""


def plain_reason(indicator: Indicator) -> str:
    """The reason with the Chinese names of facts and parameters in its placeholders."""

    def named(name: str, is_param: bool) -> str:
        return parameter_index()[name].zh if is_param else indicator.declared_facts[name].zh

    return PLACEHOLDER.sub(
        lambda found: "{" + named(found[2], bool(found[1])) + (":百分比" if found[3] else "") + "}", indicator.say
    )


def plain_number(value: Decimal) -> str:
    """A number without needless zeros."""
    return f"{value.normalize():f}"


class PlainRule:
    """Writes the conditions of one indicator.

    Args of the constructor:
        facts: the facts that the indicator may name.
    """

    def __init__(self, facts: dict[str, Fact]) -> None:
        self.facts = facts

    def condition(self, node: Node) -> str:
        """A condition as one sentence, or as a list, one condition a line, nested where the rule is."""
        lines = self._lines(node, 0)
        return lines[0].removeprefix("- ") if len(lines) == 1 else "\n".join(lines)

    def value(self, name: str, value: bool | int | Decimal | date | str) -> str:
        """A value of a fact as a reader writes it, with its unit or its label."""
        if isinstance(value, bool):
            return "是" if value else "否"
        shown = plain_number(value) if isinstance(value, Decimal) else str(value)
        label = self.facts[name].labels.get(shown)
        if label:
            return label if isinstance(value, str) else f"{shown}（{label}）"
        return shown + self.facts[name].unit_zh

    def _lines(self, node: Node, depth: int) -> list[str]:
        indent = "  " * depth
        match node:
            case Junction(word=word, operands=operands):
                between = self._between(node)
                if between:
                    return [f"{indent}- {between}"]
                below = [line for operand in operands for line in self._lines(operand, depth + 1)]
                return [f"{indent}- {_ALL if word == 'and' else _ANY}", *below]
            case Not(operand=Junction() as operand):
                return [f"{indent}- 下面的条件不成立：", *self._lines(operand, depth + 1)]
        return [f"{indent}- {self._sentence(node)}"]

    def _sentence(self, node: Node) -> str:
        match node:
            case FactRef(name=name):
                return f"{self.facts[name].zh}：是"
            case Not(operand=FactRef(name=name)):
                return f"{self.facts[name].zh}：否"
            case Not(operand=operand):
                return f"并非“{self._sentence(operand)}”"
            case OneOf(operand=FactRef(name=name), values=values):
                return f"{self.facts[name].zh}为{'或'.join(f'“{self.value(name, value.value)}”' for value in values)}"
            case Comparison(sign=sign, left=left, right=right):
                unit = self._unit_beside(right, left)
                return f"{self._term(left, right)}{_SIGNS[sign]}{self._term(right, left)}{unit}"
        raise TypeError(f"not a condition: {type(node).__name__}")

    def _between(self, node: Junction) -> str | None:
        """`a between x and y`, which the tree holds as two comparisons."""
        match node.word, node.operands:
            case "and", (Comparison(sign=">=", left=low_of, right=low), Comparison(sign="<=", left=of, right=high)) if (
                low_of == of
            ):
                unit = self._unit_beside(high, low_of)
                return f"{self._term(low_of, low)}在{self._term(low, high)}至{self._term(high, low)}{unit}之间（含两端）"
        return None

    def _term(self, node: Node, beside: Node) -> str:
        """A number or a text; a number takes the label that it has as a code of the fact beside it."""
        match node:
            case FactRef(name=name):
                return self.facts[name].zh
            case ParamRef(name=name):
                return f"〔{parameter_index()[name].zh}〕"
            case Text(value=value):
                return f"“{self.value(beside.name, value) if isinstance(beside, FactRef) else value}”"
            case Number(value=value):
                label = self.facts[beside.name].labels.get(str(value)) if isinstance(beside, FactRef) else None
                return f"{value}（{label}）" if label else str(value)
            case Arithmetic(sign=sign, left=left, right=right):
                return f"{self._operand(left)} {_ARITHMETIC[sign]} {self._operand(right)}"
        raise TypeError(f"not a number: {type(node).__name__}")

    def _operand(self, node: Node) -> str:
        term = self._term(node, node)
        return f"（{term}）" if isinstance(node, Arithmetic) else term

    def _unit_beside(self, node: Node, other: Node) -> str:
        """The unit behind a bare number: that of the one fact it is compared with."""
        if not isinstance(node, Number):
            return ""
        named = [part for part in walk(other) if isinstance(part, FactRef)]
        if len(named) != 1 or self.facts[named[0].name].labels:
            return ""
        return self.facts[named[0].name].unit_zh
