"""What an officer may write into the sheet, and what it means: facts, parameters, signs and choices by their Chinese names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Generic, TypeVar

from monitor.contracts import Fact, extracts, facts
from monitor.contracts.facts import Unit
from monitor.errors import Fault
from monitor.indicators.pages import UNIT_ZH
from monitor.parameters.load import Parameter, parameter_index
from monitor.vocabulary import DIRECTION_ZH, LEVEL_ZH

Meaning = TypeVar("Meaning")
_IN_BRACKETS = re.compile(r"\([^()]*\)$")
_NAMED_DEPARTMENTS = 3

# the words of the column 比较 and the sign of a rule; 是 and 否 are for yes/no facts
SIGNS = {"大于": ">", "大于等于": ">=", "小于": "<", "小于等于": "<=", "等于": "=", "不等于": "<>"}
SIGNS_ZH = {sign: word for word, sign in SIGNS.items()}
YES, NO = "是", "否"
JOINERS = {"且": "and", "或": "or"}
UNITS = {zh: code for code, zh in UNIT_ZH.items()}
DIRECTIONS = {zh: code.value for code, zh in DIRECTION_ZH.items()}
LEVELS = {zh: code.value for code, zh in LEVEL_ZH.items()}
OPERATORS = (
    ("大于", "比界限多才算，正好相等不算", "个人自付医疗 大于 预警线"),
    ("大于等于", "达到界限就算，正好相等也算", "年龄 大于等于 60"),
    ("小于", "比界限少才算，正好相等不算", "人均月收入 小于 低保标准"),
    ("小于等于", "不超过界限就算，正好相等也算", "确诊天数 小于等于 90"),
    ("等于", "正好相等才算；有名目的事实（如被拒原因）也用它", "户内成年人数 等于 0"),
    ("不等于", "不相等就算", "被拒原因 不等于 车辆"),
    (YES, "是非类的事实成立", "独居 是"),
    (NO, "是非类的事实不成立", "已参保 否"),
    ("且", "写在“关系”列：上一行和这一行都成立才预警", ""),
    ("或", "写在“关系”列：有一行成立就预警", ""),
)


class CellFault(Fault):
    """A mistake in a workbook, told in Chinese and with its cell."""

    def __str__(self) -> str:
        parts = [f"{self.where}：{self.found}"]
        parts += [f"可以填：{self.allowed}"] if self.allowed else []
        parts += [f"原因：{self.why}"] if self.why else []
        parts += [f"怎么办：{self.remedy}"] if self.remedy else []
        return "；".join(parts)


@dataclass(frozen=True)
class Words(Generic[Meaning]):
    """Words that a column knows.

    Attributes:
        choices: as they stand in the drop-down.
        meanings: every accepted spelling -> what it means.
    """

    choices: tuple[str, ...]
    meanings: dict[str, Meaning]

    def find(self, text: str) -> Meaning | None:
        """What a text means; brackets at its end may be left out or differ."""
        key = plain(text)
        return self.meanings.get(key) or self.meanings.get(_IN_BRACKETS.sub("", key).strip())

    def nearest(self, text: str) -> str:
        """The nearest words, in Chinese; empty when none is near."""
        return nearest(plain(_IN_BRACKETS.sub("", plain(text))), self.meanings)


def plain(text: str) -> str:
    """A text with its full-width letters and signs made half-width and its blanks trimmed."""
    return unicodedata.normalize("NFKC", text).strip()


def nearest(text: str, known: Iterable[str]) -> str:
    """Up to three similar words, as part of a message."""
    close = get_close_matches(text, list(known), n=3, cutoff=0.5)
    return f"最接近的是{'、'.join(f'“{word}”' for word in close)}" if close else ""


def fact_label(fact: Fact) -> str:
    """A fact as the drop-down shows it, with the departments behind it."""
    names = list(dict.fromkeys(extracts()[need].department for need in fact.needs))
    more = "等" if len(names) > _NAMED_DEPARTMENTS else ""
    return f"{fact.zh}（{'、'.join(names[:_NAMED_DEPARTMENTS])}{more}）"


def parameter_label(parameter: Parameter) -> str:
    """A parameter as the drop-down shows it, with its unit."""
    return f"{parameter.zh}（{parameter.unit_zh}）"


@cache
def fact_words(unit: Unit) -> Words[Fact]:
    """The facts of a unit (`person`, `household`) by Chinese name, drop-down label and code name."""
    found = facts(unit).values()
    spellings = {plain(word): fact for fact in found for word in (fact.name, fact.zh, fact_label(fact))}
    return Words(tuple(map(fact_label, found)), spellings)


@cache
def parameter_words() -> Words[Parameter]:
    """The parameters by Chinese name, drop-down label and code name."""
    found = parameter_index().values()
    spellings = {plain(word): one for one in found for word in (one.name, one.zh, parameter_label(one))}
    return Words(tuple(map(parameter_label, found)), spellings)


def choice_words(choices: dict[str, str]) -> Words[str]:
    """A short list of choices, word -> code."""
    return Words(tuple(choices), dict(choices))
