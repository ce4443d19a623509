"""The first row of a rule: everything but its conditions."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from monitor.contracts import Fact
from monitor.indicators.indicator import CODE_PATTERN
from monitor.indicators.laws import sources
from monitor.indicators.workbook.columns import BY_KEY, COLUMNS
from monitor.indicators.workbook.conditions import fact_fault
from monitor.indicators.workbook.reading import Row
from monitor.indicators.workbook.words import DIRECTIONS, LEVELS, UNITS, CellFault, choice_words, fact_words, nearest
from monitor.vocabulary import DOMAINS

SINCE = date(2026, 1, 1)
_FAMILY = re.compile(r"[a-z][a-z_]*")
_LISTED = re.compile(r"[、,，;；]")
_PARAGRAPH = re.compile(r"[;；]")
_CHOICES = {"unit": UNITS, "direction": DIRECTIONS, "level": LEVELS}


@dataclass(frozen=True)
class Known:
    """What the catalogue holds already: codes with their titles, and families."""

    titles: dict[str, str]
    families: frozenset[str]

    def next_code(self, domain: str, taken: Collection[str]) -> str:
        """The first code of a domain that neither the catalogue nor the sheet uses."""
        numbers = [int(code[4:]) for code in (*self.titles, *taken) if code.startswith(domain)]
        return f"{domain}-{max(numbers, default=0) + 1:03d}"


@dataclass
class Headline:
    """The fields of an indicator that its first row gives, as far as they could be read.

    Attributes:
        fields: field of an indicator -> value; a field that is wrong is missing.
        unless: the facts that exempt.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    unless: tuple[Fact, ...] = ()

    @property
    def unit(self) -> str | None:
        return self.fields.get("unit")


def read_headline(row: Row, known: Known, earlier: dict[str, Row], *, replace: bool) -> tuple[Headline, list[CellFault]]:
    """Read the first row of a rule.

    Args:
        row: of the sheet.
        known: the catalogue in force.
        earlier: code -> first row of the rules above.
        replace: whether a code of the catalogue may be used again.
    """
    headline = Headline({key: row.get(key) for key in ("code", "title", "why", "route", "ask", "say")})
    faults = [
        CellFault(row.places[column.key], f"没有填“{column.header}”", column.hint)
        for column in COLUMNS
        if column.required and not column.each_row and column.key != "code" and not row.get(column.key)
    ]
    faults += _code_faults(row, known, earlier, replace=replace) + _title_faults(row, known, earlier)
    for key, choices in _CHOICES.items():
        faults += _choice(row, key, choices, headline)
    faults += _since(row, headline) + _family(row, known, headline) + _basis(row, headline)
    headline.fields["title_en"] = row.get("title_en") or f"Indicator {row.get('code')}"
    headline.fields["false_alarms"] = _parts(row.get("false_alarms"), _PARAGRAPH)
    if headline.unit:
        headline.unless, wrong = _unless(row, headline.unit)
        faults += wrong
    return headline, faults


def continuation_faults(row: Row, code: str) -> list[CellFault]:
    """A further row of a rule holds a condition and nothing else."""
    return [
        CellFault(row.places[key], f"{code} 的后续条件行不填“{BY_KEY[key].header}”", "空着", remedy="写在这个指标的第一行")
        for key in row.cells
        if not BY_KEY[key].each_row and key != "code"
    ]


def _code_faults(row: Row, known: Known, earlier: dict[str, Row], *, replace: bool) -> list[CellFault]:
    code, place = row.get("code"), row.places["code"]
    domains = "、".join(f"{key}（{zh}）" for key, (_, zh) in DOMAINS.items())
    if not re.fullmatch(CODE_PATTERN, code):
        return [CellFault(place, f"编号“{code}”写法不对", "三个大写字母、短横线、三位数，如 EXP-901")]
    if code[:3] not in DOMAINS:
        return [CellFault(place, f"没有“{code[:3]}”这个领域", domains, remedy=nearest(code[:3], DOMAINS))]
    if code in earlier:
        number = earlier[code].number
        return [
            CellFault(place, f"编号 {code} 在第 {number} 行已经用了", "一个指标一个编号", remedy="同一指标的条件写在相邻的行")
        ]
    if code in known.titles and not replace:
        free = known.next_code(code[:3], earlier)
        return [
            CellFault(
                place,
                f"编号 {code} 已经是“{known.titles[code]}”",
                f"没有用过的编号，如 {free}",
                remedy="要替换它请加 --replace",
            )
        ]
    return []


def _title_faults(row: Row, known: Known, earlier: dict[str, Row]) -> list[CellFault]:
    title, code = row.get("title"), row.get("code")
    same = next((other for other, named in known.titles.items() if named == title and other != code), None)
    same = same or next((other for other, above in earlier.items() if title and above.get("title") == title), None)
    return [CellFault(row.places["title"], f"名称和 {same} 一样", "能区别开的名称")] if same else []


def _choice(row: Row, key: str, choices: dict[str, str], headline: Headline) -> list[CellFault]:
    text = row.get(key)
    if not text:
        return []
    words = choice_words(choices)
    found = words.find(text)
    if found:
        headline.fields[key] = found
        return []
    return [CellFault(row.places[key], f"看不懂“{text}”", "、".join(choices), remedy=words.nearest(text) or "从下拉里选")]


def _since(row: Row, headline: Headline) -> list[CellFault]:
    text = row.get("since")
    try:
        headline.fields["since"] = date.fromisoformat(text) if text else SINCE
    except ValueError:
        return [CellFault(row.places["since"], f"“{text}”不是日期", "写成 2026-01-01 这样")]
    return []


def _family(row: Row, known: Known, headline: Headline) -> list[CellFault]:
    text = row.get("family")
    if not text:
        return []
    if not _FAMILY.fullmatch(text) or text not in known.families:
        remedy = nearest(text, known.families) or "不需要就空着"
        return [CellFault(row.places["family"], f"没有“{text}”这个同类组", "、".join(sorted(known.families)), remedy=remedy)]
    headline.fields["family"] = text
    return []


def _basis(row: Row, headline: Headline) -> list[CellFault]:
    keys = _parts(row.get("basis"), _LISTED)
    headline.fields["basis"] = keys
    return [
        CellFault(row.places["basis"], f"没有“{key}”这个依据", "依据编号，没有出处写 inference", remedy=nearest(key, sources()))
        for key in keys
        if key not in sources()
    ]


def _unless(row: Row, unit: str) -> tuple[tuple[Fact, ...], list[CellFault]]:
    found, faults = [], []
    for text in _parts(row.get("unless"), _LISTED, row.get("unless"), unit):
        fact, place = fact_words(unit).find(text), row.places["unless"]
        if fact is None:
            faults.append(fact_fault(place, text, unit))
        elif fact.type != "bool":
            faults.append(CellFault(place, f"“{fact.zh}”不是是非类的事实", "是或否的事实，如 已在低收入人口名单中"))
        elif fact in found:
            faults.append(CellFault(place, f"“{fact.zh}”写了两遍", "写一遍"))
        else:
            found.append(fact)
    return tuple(found), faults


def _parts(text: str, sign: re.Pattern[str], whole: str = "", unit: str = "") -> tuple[str, ...]:
    """The parts of a cell; a cell that is one fact with its departments in brackets stays whole."""
    if whole and fact_words(unit).find(whole):
        return (whole,)
    return tuple(part for piece in sign.split(text) if (part := piece.strip()))
