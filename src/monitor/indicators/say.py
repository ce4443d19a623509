"""What an indicator says of a hit: the reason in Chinese, and the evidence as JSON. Both are SQL over the rows that fired."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from monitor.contracts import Fact, extracts
from monitor.indicators.indicator import PLACEHOLDER, Indicator
from monitor.store import identifier, literal

NOT_KNOWN = "不详"
# a reader remembers three departments; the evidence holds every one with its day
_NAMED = 3


def reason_sql(indicator: Indicator, parameters: Mapping[str, str], delivered: Mapping[str, date | None], as_of: date) -> str:
    """The sentence of `say` with its numbers, and at its end the departments and the day to which their data reach.

    Args:
        indicator: whose sentence.
        parameters: SQL of each parameter.
        delivered: extract -> newest accepted delivery.
        as_of: D; a day of another year is written with its year.
    """
    parts, end = [], 0
    for found in PLACEHOLDER.finditer(indicator.say):
        parts.append(literal(indicator.say[end : found.start()]))
        is_param, name, percent = found.groups()
        if is_param:
            parts.append(_shown("num", {}, parameters[name], percent=bool(percent)))
        else:
            fact = indicator.declared_facts[name]
            parts.append(_shown(fact.type, fact.labels, f"f.{identifier(name)}", percent=bool(percent)))
        end = found.end()
    parts.append(literal(indicator.say[end:] + source_note(indicator, delivered, as_of)))
    return " || ".join(parts)


def source_note(indicator: Indicator, delivered: Mapping[str, date | None], as_of: date) -> str:
    """Whose data stand behind it and how fresh the oldest of them are: `（民政、残联、公安等7部门，数据至11月6日）`.

    Departments stand in the order of the evidence; one that never delivered is left out.
    """
    needed = [need for name in indicator.evidence for need in indicator.declared_facts[name].needs]
    days = {name: day for name in dict.fromkeys(needed) if (day := delivered.get(name))}
    if not days:
        return ""
    departments = list(dict.fromkeys(extracts()[name].department for name in days))
    more = f"等{len(departments)}部门" if len(departments) > _NAMED else ""
    return f"（{'、'.join(departments[:_NAMED])}{more}，数据至{_day(min(days.values()), as_of)}）"


def evidence_sql(indicator: Indicator, parameters: Mapping[str, str], delivered: Mapping[str, date | None]) -> str:
    """`{"facts": {..}, "param": {..}, "deliveries": {extract: day}}`: keys in fixed order, numbers as they are kept."""
    facts = [(name, _json_value(indicator.declared_facts[name])) for name in indicator.evidence]
    numbers = [(name, _trimmed(parameters[name])) for name in indicator.parameters]
    days = {name: str(day) if (day := delivered.get(name)) else None for name in indicator.extracts}
    return " || ".join(
        [_json_object('{"facts":', facts), _json_object(',"param":', numbers), literal(f',"deliveries":{_compact(days)}}}')]
    )


def _json_object(before: str, pairs: list[tuple[str, str]]) -> str:
    parts = [literal(before + "{")]
    for number, (name, sql) in enumerate(pairs):
        parts.append(literal(f'{"," if number else ""}"{name}":'))
        parts.append(f"coalesce({sql}, 'null')")
    return " || ".join([*parts, literal("}")])


def _json_value(fact: Fact) -> str:
    column = f"f.{identifier(fact.name)}"
    if fact.type == "text":
        return f"cast(to_json({column}) as varchar)"
    if fact.type == "date":
        return f"'\"' || cast({column} as varchar) || '\"'"
    return f"cast({column} as varchar)"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _shown(kind: str, labels: Mapping[str, str], sql: str, *, percent: bool) -> str:
    if percent:
        shown = _trimmed(f"cast(round({sql} * 100, 1) as decimal(18,1))") + " || '%'"
    elif kind in ("money", "num"):
        shown = _trimmed(sql)
    elif kind == "date":
        shown = f"strftime({sql}, '%Y年%-m月%-d日')"
    elif kind == "text":
        cases = " ".join(f"when {literal(code)} then {literal(label)}" for code, label in labels.items())
        shown = f"case {sql} {cases} else {sql} end" if cases else sql
    else:
        shown = f"cast({sql} as varchar)"
    return f"coalesce({shown}, {literal(NOT_KNOWN)})"


def _trimmed(sql: str) -> str:
    """A decimal without needless zeros: 744.000000 is 744, 533.330000 is 533.33."""
    return f"rtrim(rtrim(cast({sql} as varchar), '0'), '.')"


def _day(day: date, as_of: date) -> str:
    year = "" if day.year == as_of.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"
