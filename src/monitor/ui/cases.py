"""Cases as analysts may see them: no name, no ID, no phone, no address below the township."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from monitor.contracts import answers, extracts, facts
from monitor.explain.tell import number_text, value_text
from monitor.indicators import Indicator
from monitor.parameters.load import parameter_index
from monitor.ui.analyst_file import Night, Row
from monitor.ui.filters import PAGE_ROWS, CaseFilter

_CASES = """
from (
    select one.*, coalesce(township.name, '住址不详') as township_name, listing.rank,
        case when listing.is_listed then 'listed' else listing.why end as place_on_list,
        date_diff('day', one.first_seen, one.as_of) as age_days
    from case_history as one
    left join listing on listing.as_of = one.as_of and listing.case_no = one.case_no
    left join region as township on township.code = one.township
)
where {where}
"""
_ORDER = "order by coalesce(score, 0) desc, points desc nulls last, case_no"


@dataclass(frozen=True)
class ShownFact:
    """A fact or number that a reason rests on, in words."""

    name: str
    label: str
    value: str


@dataclass(frozen=True)
class ShownReason:
    """One hit of a case, with what it rests on.

    Attributes:
        hit: the row of `case_hit`.
        title: of the indicator; empty if today's catalogue has it no more.
        facts, thresholds: in the order in which the rule reads them.
        deliveries: (department and extract, day of the delivery).
    """

    hit: Row
    title: str
    ask: str
    facts: tuple[ShownFact, ...]
    thresholds: tuple[ShownFact, ...]
    deliveries: tuple[tuple[str, str], ...]


def page_of(night: Night, asked: CaseFilter, as_of: date) -> tuple[int, list[Row]]:
    """How many cases there are, and one page of them, weightiest first."""
    where, given = asked.where(as_of)
    cases = _CASES.format(where=where)
    count = night.one(f"select count(*) as n {cases}", given)["n"]
    rows = night.rows(
        f"select * {cases} {_ORDER} limit {PAGE_ROWS} offset $skip", {**given, "skip": (asked.page - 1) * PAGE_ROWS}
    )
    return count, rows


def all_of(night: Night, asked: CaseFilter, as_of: date) -> list[Row]:
    """All cases asked for, weightiest first."""
    where, given = asked.where(as_of)
    return night.rows(f"select * {_CASES.format(where=where)} {_ORDER}", given)


def history_of(night: Night, case_no: str) -> list[Row]:
    """A case on every night that knew it, newest first."""
    return night.rows(
        f"select * {_CASES.format(where='case_no = $case_no')} order by as_of desc",
        {"case_no": case_no},
    )


def reasons_of(night: Night, case_no: str, as_of: date, rules: Mapping[str, Indicator]) -> list[ShownReason]:
    """Why a case stood on a night, weightiest first."""
    hits = night.rows(
        "select * from case_hit where case_no = $case_no and as_of = $as_of order by points desc, indicator, subject",
        {"case_no": case_no, "as_of": as_of},
    )
    return [_reason(hit, rules.get(hit["indicator"])) for hit in hits]


def answer_label(code: str | None) -> str:
    """An answer as it stands in the drop-down."""
    if not code:
        return ""
    known = answers().choices.get(code)
    return known.zh if known else code


def _reason(hit: Row, rule: Indicator | None) -> ShownReason:
    evidence = json.loads(hit["evidence"] or "{}", parse_float=Decimal)
    return ShownReason(
        hit,
        rule.title if rule else "",
        rule.ask if rule else "",
        tuple(_facts(hit["unit"], evidence.get("facts", {}))),
        tuple(_thresholds(evidence.get("param", {}))),
        tuple(_deliveries(evidence.get("deliveries", {}))),
    )


def _facts(unit: Any, found: Mapping[str, Any]) -> Iterator[ShownFact]:
    declared = facts(unit)
    for name, value in found.items():
        fact = declared.get(name)
        if fact is None:  # of an older catalogue
            yield ShownFact(name, name, str(value))
        else:
            yield ShownFact(name, fact.zh, value_text(fact, value))


def _thresholds(found: Mapping[str, Any]) -> Iterator[ShownFact]:
    for name, value in found.items():
        declared = parameter_index().get(name)
        number = number_text(value) if isinstance(value, (int, Decimal)) else str(value)
        yield ShownFact(name, declared.zh if declared else name, f"{number} {declared.unit_zh if declared else ''}".strip())


def _deliveries(found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, day in found.items():
        contract = extracts().get(name)
        yield (f"{contract.department} · {contract.title}" if contract else name), day or "没有"
