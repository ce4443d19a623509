"""Person facts as sentences: what the departments hold of somebody, and what the facts must then say.

All cases of a list are told to one night, each with people of its own. `me` is the person asked about; any other name in an ID
column (`father`, `spouse` ...) is another person of the same case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
from given import given, key_of, made_up_id, night

from monitor.contracts import extracts
from monitor.contracts.facts import Fact, facts
from monitor.facts.wide import build_wide
from monitor.transform import run_layer

AS_OF = "2026-11-20"
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
# a sentence, extract -> rows (without an ID they are mine), my facts
Case = tuple[str, Rows, Mapping[str, Any]]


def sentences(cases: Sequence[Case]) -> list[str]:
    """Test names."""
    return [says for says, _, _ in cases]


def judge(cases: Sequence[Case], as_of: str = AS_OF, **settings: Any) -> dict[str, dict[str, Any]]:
    """Build the person facts of all cases; sentence -> my facts. The settings go to `build`."""
    connection, mine = build(cases, as_of, **settings)
    names = ["person", *facts("person")]
    rows = connection.execute(f"select {', '.join(names)} from facts.person_wide").fetchall()
    found = {row[0]: dict(zip(names, row, strict=True)) for row in rows}
    return {says: found[key] for says, key in mine.items()}


def build(
    cases: Sequence[Case], as_of: str = AS_OF, *, background: Rows | None = None, **settings: Any
) -> tuple[duckdb.DuckDBPyConnection, dict[str, int]]:
    """A night with the facts of persons, and the key of `me` by sentence.

    Args:
        cases: with different sentences. `me` gets a register row if the case gives none; `absent` there means not registered.
        as_of: the night's day.
        background: rows of people outside the cases, with their IDs.
        settings: go to `given`, for instance `delivered`.
    """
    assert len({says for says, _, _ in cases}) == len(cases), "two cases have one sentence"
    people = _People()
    rows: dict[str, list[Mapping[str, Any]]] = {name: list(held) for name, held in (background or {}).items()}
    for number, (_, held, _) in enumerate(cases):
        for extract, record in _with_me(held):
            rows.setdefault(extract, []).append(people.named(number, extract, record))
    connection = night(as_of)
    given(connection, rows, **settings)
    for layer in ("staging", "core"):
        run_layer(connection, layer)
    run_layer(connection, "facts", prefix="person_")
    build_wide(connection, "person")
    return connection, {says: key_of(people.id_of(number, "me")) for number, (says, _, _) in enumerate(cases)}


def check(case: Case, judged: Mapping[str, Mapping[str, Any]]) -> None:
    """Compare what a case expects; amounts may be written as numbers or text."""
    says, _, expected = case
    declared = facts("person")
    assert {name: judged[says][name] for name in expected} == {n: _as_fact(declared[n], v) for n, v in expected.items()}


def _as_fact(fact: Fact, value: Any) -> Any:
    if fact.type in ("money", "num") and value is not None:
        return Decimal(str(value))
    return date.fromisoformat(value) if fact.type == "date" and value else value


class _People:
    """Made-up IDs by case and name; the birth date of an ID is the one its first register row gives."""

    def __init__(self) -> None:
        self._ids: dict[tuple[int, str], str] = {}

    def id_of(self, case: int, name: str, born: str = "1980-01-01") -> str:
        known = self._ids.get((case, name))
        if known is None:
            known = self._ids[case, name] = made_up_id(len(self._ids), born)
        return known

    def named(self, case: int, extract: str, record: Mapping[str, Any]) -> dict[str, Any]:
        told = {"id_no": "me"} | dict(record)
        born = told.pop("born", "1980-01-01")
        if extract == "psb_resident":
            hukou = told.get("hukou_no", told["id_no"])
            told = {"name": "某人", "relation": "other"} | told | {"hukou_no": f"{case}-{hukou}"}
        for column in extracts()[extract].columns:
            if column.kind == "id" and told.get(column.name):
                own = column.name == "id_no"
                told[column.name] = self.id_of(case, told[column.name], born if own else "1980-01-01")
        return told


def _with_me(held: Rows) -> list[tuple[str, Mapping[str, Any]]]:
    """The rows, register first, because it says who was born when."""
    register = list(held.get("psb_resident", ()))
    if not any(row.get("id_no", "me") == "me" for row in register):
        register.append({})
    others = [(name, row) for name, rows in held.items() if name != "psb_resident" for row in rows]
    # people named by others are known by their own rows first
    register.sort(key=lambda row: "father_id_no" in row or "mother_id_no" in row)
    return [*(("psb_resident", row) for row in register if not row.get("absent")), *others]
