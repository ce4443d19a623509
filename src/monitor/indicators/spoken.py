"""A rule in plain Chinese, from its checked tree: for pages and workbooks, so that nobody has to read the expression."""

from __future__ import annotations

from monitor.contracts import Fact, codes
from monitor.indicators.indicator import PLACEHOLDER, Indicator
from monitor.indicators.syntax import Arithmetic, Comparison, FactRef, Junction, Node, Not, Number, OneOf, ParamRef, Text
from monitor.parameters.load import parameter_index

SIGNS = {"=": "等于", "<>": "不等于", "<": "小于", "<=": "小于等于", ">": "大于", ">=": "大于等于"}
_ARITHMETIC = {"+": "加", "-": "减", "*": "乘以", "/": "除以"}
_WORDS = {"and": "，并且", "or": "，或者"}
# the code lists of the text facts
CODE_LISTS = {"refused_for": "refusal", "house_damage_12m": "house_damage"}


def spoken_rule(indicator: Indicator) -> str:
    """The condition in Chinese."""
    return _spoken(indicator.rule.when, indicator.declared_facts, outer=True)


def spoken_exemption(indicator: Indicator) -> str:
    """The exemption in Chinese; empty when there is none."""
    unless = indicator.rule.unless
    return _spoken(unless, indicator.declared_facts, outer=True) if unless else ""


def spoken_reason(indicator: Indicator) -> str:
    """The reason with the Chinese names of facts and parameters in its placeholders."""

    def named(name: str, is_param: bool) -> str:
        return parameter_index()[name].zh if is_param else indicator.declared_facts[name].zh

    return PLACEHOLDER.sub(
        lambda found: "{" + named(found[2], bool(found[1])) + (":百分比" if found[3] else "") + "}", indicator.say
    )


def code_labels(fact: Fact) -> dict[str, str]:
    """The codes of a text fact and their labels."""
    return codes().get(CODE_LISTS.get(fact.name, ""), {})


def _spoken(node: Node, facts: dict[str, Fact], *, outer: bool = False) -> str:
    match node:
        case FactRef(name=name):
            return facts[name].zh
        case ParamRef(name=name):
            return parameter_index()[name].zh
        case Number(value=value):
            return str(value)
        case Text(value=value):
            return next((labels[value] for labels in codes().values() if value in labels), value)
        case Not(operand=operand):
            return f"不是“{_spoken(operand, facts, outer=True)}”"
        case Junction(word=word, operands=operands):
            said = _WORDS[word].join(_spoken(operand, facts) for operand in operands)
            return said if outer else f"（{said}）"
        case OneOf(operand=operand, values=values):
            labels = (
                "、".join(code_labels(facts[operand.name])[v.value] for v in values) if isinstance(operand, FactRef) else ""
            )
            return f"{_spoken(operand, facts)}属于{labels}"
        case Comparison(sign=sign, left=left, right=right):
            return f"{_spoken(left, facts)}{SIGNS[sign]}{_spoken(right, facts)}"
        case Arithmetic(sign=sign, left=left, right=right):
            return f"（{_spoken(left, facts)}{_ARITHMETIC[sign]}{_spoken(right, facts)}）"
