"""Put together why a case stands: from the run folder alone, the run before it, and the rules of its indicators."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor.contracts import Fact
from monitor.contracts.facts import Unit
from monitor.explain.clearing import Clearing, nearest_clearing
from monitor.explain.find import CASE_COLUMNS, Asked
from monitor.explain.reading import Delivered, Threshold, Who, deliveries, facts_of, hits_of, region_name, thresholds, who
from monitor.indicators import Indicator, stored_indicator
from monitor.store import literal, stored
from monitor.vocabulary import CaseState

_UNITS: tuple[Unit, ...] = ("person", "household")


@dataclass(frozen=True)
class FactShown:
    """A fact of a reason: its value, what it was the night before (if that night had it), and the extracts behind it."""

    fact: Fact
    value: Any
    had_before: bool
    before: Any

    @property
    def is_changed(self) -> bool:
        return self.had_before and self.before != self.value


@dataclass(frozen=True)
class Reason:
    """One hit of a case.

    Attributes:
        code: of the indicator.
        indicator: as that night asked it; None when the night did not keep it, or it fits today's facts no more.
        subject: the member it is about; None = the household.
        hit: the row of case_hits.parquet.
        facts, thresholds: what the rule reads.
        clearing: what would end it; None when it is carried over from an earlier night, or its rule is not there.
        is_new: whether it did not stand the night before.
    """

    code: str
    indicator: Indicator | None
    subject: Who | None
    hit: dict[str, Any]
    facts: tuple[FactShown, ...]
    thresholds: tuple[Threshold, ...]
    clearing: Clearing | None
    is_new: bool


@dataclass(frozen=True)
class CaseExplained:
    """Why a case stands.

    Attributes:
        case: the row of cases.parquet.
        head, township, village: whose it is and where, unmasked.
        reasons: weightiest first.
        before: the case's row of the night before; None if it is new.
        gone: hits of the night before that do not stand any more.
        deliveries: by extract, for all facts shown.
        as_of, compared_with: the night and the one before it.
        has_facts_before: whether the facts of the one before are still there to compare with.
    """

    case: dict[str, Any]
    head: Who | None
    township: str
    village: str
    reasons: tuple[Reason, ...]
    before: dict[str, Any] | None
    gone: tuple[dict[str, Any], ...]
    deliveries: dict[str, Delivered]
    as_of: date
    compared_with: date | None
    has_facts_before: bool


def explain(connection: duckdb.DuckDBPyConnection, asked: Asked, region: str) -> list[CaseExplained]:
    """Explain each case asked for.

    Args:
        connection: in memory; only files of the run folders are read.
        asked: see `find_cases`.
        region: of the installation, for people without a place of their own.
    """
    delivered = deliveries(connection, asked.run)
    return [_case(connection, asked, case, delivered, region) for case in asked.cases]


def _case(
    connection: duckdb.DuckDBPyConnection, asked: Asked, case: dict[str, Any], delivered: dict[str, Delivered], region: str
) -> CaseExplained:
    hits = hits_of(connection, asked.run, case["case_no"])
    earlier = hits_of(connection, asked.previous, case["case_no"])
    key = [(hit["indicator"], hit["subject"]) for hit in hits]
    before = _earlier_case(connection, asked.previous, case["case_no"])
    return CaseExplained(
        case=case,
        head=who(connection, asked.run, case["subject"]),
        township=region_name(connection, asked.run, case["township"]),
        village=region_name(connection, asked.run, case["village"]),
        reasons=_reasons(connection, asked, hits, earlier if before else None, region),
        before=before,
        gone=tuple(hit for hit in earlier if (hit["indicator"], hit["subject"]) not in key),
        deliveries=delivered,
        as_of=asked.as_of,
        compared_with=date.fromisoformat(asked.previous.name) if asked.previous else None,
        has_facts_before=asked.has_facts_before,
    )


def _earlier_case(connection: duckdb.DuckDBPyConnection, previous: Path | None, case_no: str) -> dict[str, Any] | None:
    if previous is None:
        return None
    rows = connection.execute(
        f"select {', '.join(CASE_COLUMNS)} from {stored(previous / 'cases.parquet')} where case_no = {literal(case_no)} "
        f"and state not in ({literal(CaseState.CLEARED.value)}, {literal(CaseState.CLOSED.value)})"
    ).fetchall()
    return dict(zip(CASE_COLUMNS, rows[0], strict=True)) if rows else None


def _reasons(
    connection: duckdb.DuckDBPyConnection,
    asked: Asked,
    hits: list[dict[str, Any]],
    earlier: list[dict[str, Any]] | None,
    region: str,
) -> tuple[Reason, ...]:
    rules = {code: stored_indicator(asked.run, code) for code in dict.fromkeys(hit["indicator"] for hit in hits)}
    stood = {(hit["indicator"], hit["subject"]) for hit in earlier or ()}
    with_facts = (asked.run, asked.previous if asked.has_facts_before else None)
    now, before = (_facts(connection, run, hits, rules.values()) for run in with_facts)
    reasons = []
    for hit in hits:
        indicator, subject = rules[hit["indicator"]], hit["subject"]
        person = who(connection, asked.run, subject)
        place, area_kind = (person.village_code or region, person.area_kind) if person else (region, "rural")
        names = indicator.parameters if indicator else ()
        limits = thresholds(connection, asked.run, names, place, area_kind)
        known, was = now.get(subject, {}), before.get(subject, {})
        shown = [FactShown(f, known.get(f.name), f.name in was, was.get(f.name)) for f in _evidence(indicator)]
        reasons.append(
            Reason(
                code=hit["indicator"],
                indicator=indicator,
                subject=person if hit["unit"] == "person" else None,
                hit=hit,
                facts=tuple(shown),
                thresholds=tuple(limits[name] for name in names if name in limits),
                clearing=_clearing(connection, indicator, hit, known, limits),
                is_new=earlier is not None and (hit["indicator"], subject) not in stood,
            )
        )
    return tuple(reasons)


def _evidence(indicator: Indicator | None) -> list[Fact]:
    return [indicator.declared_facts[name] for name in indicator.evidence] if indicator else []


def _facts(
    connection: duckdb.DuckDBPyConnection, run: Path | None, hits: list[dict[str, Any]], rules: Iterable[Indicator | None]
) -> dict[str, dict[str, Any]]:
    """subject -> fact -> value, for all that the reasons of a case rest on."""
    found: dict[str, dict[str, Any]] = {}
    known = [rule for rule in rules if rule]
    for unit in _UNITS:
        subjects = {hit["subject"] for hit in hits if hit["unit"] == unit}
        names = [name for rule in known if rule.unit == unit for name in rule.evidence]
        found |= facts_of(connection, run, unit, subjects, names)
    return found


def _clearing(
    connection: duckdb.DuckDBPyConnection,
    indicator: Indicator | None,
    hit: dict[str, Any],
    known: dict[str, Any],
    limits: dict[str, Threshold],
) -> Clearing | None:
    if indicator is None or hit["state"] != "hit":
        return None
    if any(name not in known for name in indicator.rule.facts) or any(name not in limits for name in indicator.rule.parameters):
        return Clearing(is_hit=False)
    return nearest_clearing(connection, indicator, known, {name: limits[name].value for name in limits})
