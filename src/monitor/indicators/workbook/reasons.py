"""The sentence on the list: Chinese names in braces become placeholders."""

from __future__ import annotations

import re

from monitor.contracts import Fact
from monitor.indicators.workbook.conditions import Condition
from monitor.indicators.workbook.reading import Row
from monitor.indicators.workbook.words import CellFault, Words, fact_words, nearest, parameter_words, plain
from monitor.parameters.load import Parameter

LONGEST_REASON = 60
_BRACED = re.compile(r"[{｛]([^{}｛｝]*)[}｝]")
_PERCENT = re.compile(r"[:：](百分比|percent)$")


def read_reason(row: Row, unit: str, conditions: list[Condition]) -> tuple[str, list[CellFault]]:
    """The `say` of an indicator.

    Args:
        row: the first row of the rule.
        unit: `person` or `household`.
        conditions: of the rule; the sentence may name their facts and any parameter, and must name a number that decides.
    """
    text, place, faults = row.get("say"), row.places["say"], []
    if not text:
        return "", []
    read = {condition.fact.name: condition.fact for condition in conditions}
    parts, end = [], 0
    for found in _BRACED.finditer(text):
        parts.append(text[end : found.start()])
        end = found.end()
        placeholder, fault = _placeholder(place, found[1], unit, read)
        faults += [fault] if fault else []
        parts.append(placeholder)
    rest = "".join([*parts[::2], text[end:]])
    if re.search(r"[{}｛｝]", rest):
        faults.append(CellFault(place, "花括号没有成对", "{事实名称} 或 {参数名称}", remedy="补上或删掉花括号"))
    say = "".join([*parts, text[end:]])
    return say, faults or _number_faults(place, say, conditions)


def too_long(row: Row, reason: str) -> list[CellFault]:
    """A sentence that does not fit into its cell once its numbers are filled in."""
    if len(reason) <= LONGEST_REASON:
        return []
    return [
        CellFault(
            row.places["say"],
            f"填上数后有 {len(reason)} 个字：{reason}",
            f"不超过 {LONGEST_REASON} 个字",
            remedy="删去多余的话",
        )
    ]


def _number_faults(place: str, say: str, conditions: list[Condition]) -> list[CellFault]:
    """A reader must see the number because of which the rule spoke."""
    numbers = {c.fact.name: c.fact.zh for c in conditions if c.fact.type in ("int", "money", "num")}
    if not numbers or any(f"{{{name}" in say for name in numbers):
        return []
    return [
        CellFault(
            place,
            "没有写出作判断的数",
            "、".join(f"{{{zh}}}" for zh in numbers.values()),
            "看名单的人要知道凭什么",
            "至少写一个",
        )
    ]


def _placeholder(place: str, inside: str, unit: str, read: dict[str, Fact]) -> tuple[str, CellFault | None]:
    name = _PERCENT.sub("", inside)
    percent = ":percent" if name != inside else ""
    name = plain(name)
    fact = fact_words(unit).find(name)
    parameter: Parameter | None = parameter_words().find(name.removeprefix("param."))
    if fact and fact.name in read:
        if fact.type == "bool":
            return "", CellFault(place, f"“{fact.zh}”是是非，填不出数", "直接用话说", remedy=f"删掉 {{{inside}}}")
        return f"{{{fact.name}{percent}}}", None
    if parameter:
        return f"{{param.{parameter.name}{percent}}}", None
    if fact:
        allowed = "、".join(one.zh for one in read.values())
        return "", CellFault(place, f"“{fact.zh}”不在这个指标的条件里", allowed, "名单上的话只说判断用到的")
    return "", CellFault(place, f"没有“{name}”这个事实或参数", "条件里的事实、“参数”表里的名称", remedy=_near(name, unit))


def _near(name: str, unit: str) -> str:
    words: list[Words[Fact] | Words[Parameter]] = [fact_words(unit), parameter_words()]
    return nearest(name, [word for some in words for word in some.meanings])
