"""However large a household or however long a person's file, no step of a fact table holds more rows than were delivered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import pytest
from given import given, made_up_id, night

from monitor.facts.wide import build_wide
from monitor.parameters import resolve_parameters
from monitor.regions import load_regions
from monitor.transform import layer_files, nodes, run_layer

AS_OF = date(2026, 11, 20)
MEMBERS, RECORDS = 400, 3_000
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def one_household() -> Rows:
    """A hukou and a family list of hundreds: children and wards of the first two, half dead or held, all owners of one home."""
    people = [made_up_id(number, f"{1950 + number % 70}-03-01") for number in range(MEMBERS)]
    lost, held = people[100:200], people[200:300]
    parents = {"father_id_no": people[0], "mother_id_no": people[1]}
    return {
        "psb_resident": [{"id_no": one, "hukou_no": "H"} | (parents if n > 1 else {}) for n, one in enumerate(people)],
        "mca_family": [{"id_no": one, "family_no": "F"} for one in people],
        "nhc_death": [{"id_no": one, "died_on": "2026-10-01"} for one in lost],
        "moj_custody": [{"id_no": one, "custody_kind": "prison", "started_on": "2026-01-01"} for one in held],
        "mca_marriage": [
            {"id_no": people[0], "spouse_id_no": one, "marriage": "divorced", "registered_on": AS_OF - timedelta(number)}
            for number, one in enumerate(people[2:])
        ],
        "dpf_disability": [{"id_no": one, "guardian_id_no": people[0]} for one in people[2:]],
        "mca_assistance": [{"id_no": one, "benefit": "dibao_rural", "status": "active"} for one in people],
        "mca_application": [{"id_no": one, "decision": "refused", "decided_on": "2026-10-01"} for one in people],
        "mnr_realestate": [{"id_no": one, "unit_no": "U", "estate_use": "dwelling"} for one in people],
        "samr_entity": [{"id_no": one, "entity_no": "E", "role": "shareholder"} for one in people],
        "mohurd_housing": [{"id_no": one} for one in people],
        "grid_power": [{"id_no": one, "account_no": one, "use_month": "2026-10-01", "kwh": 0} for one in people],
    }


def one_person() -> Rows:
    """A person of whom every department holds thousands of records, on assistance under three of them at once."""
    person = made_up_id(1)
    days = [AS_OF - timedelta(number % 300) for number in range(RECORDS)]
    months = [date(2026 - number // 12 % 2, number % 12 + 1, 1) for number in range(RECORDS)]
    bills = {"visit_kind": "inpatient", "self_paid": 10}
    return {
        "psb_resident": [{"id_no": person, "hukou_no": "H"}, {"id_no": made_up_id(2), "hukou_no": "H"}],
        "nhc_death": [{"id_no": person, "died_on": "2025-01-01"}],
        "moj_custody": [{"id_no": person, "custody_kind": kind, "started_on": "2026-01-01"} for kind in ("prison", "drug")],
        "nhsa_settlement": [{"id_no": person, "settled_on": day, **bills} for day in days],
        "mca_assistance": [
            {"id_no": person, "benefit": one, "status": "active"} for one in ("dibao_rural", "dibao_urban", "rigid")
        ],
        "mca_payment": [{"id_no": person, "pay_month": month, "pay_status": "failed"} for month in months],
        "mca_service_order": [{"id_no": person, "ordered_on": day, "served_on": day} for day in days],
        "sta_income": [{"id_no": person, "tax_month": month, "amount": 5} for month in months],
        "psb_vehicle": [{"id_no": person} for _ in days],
        "grid_power": [
            {"id_no": person, "account_no": str(number % 900), "use_month": month, "kwh": 0}
            for number, month in enumerate(months)
        ],
    }


def facts_of(rows: Rows) -> duckdb.DuckDBPyConnection:
    connection = night(AS_OF.isoformat())
    given(connection, rows)
    run_layer(connection, "staging", views=True)
    run_layer(connection, "core")
    load_regions(connection)
    resolve_parameters(connection, AS_OF, folders=[])
    for unit in ("person", "household"):
        run_layer(connection, "facts", prefix=f"{unit}_")
        build_wide(connection, unit)
    return connection


def largest_step(connection: duckdb.DuckDBPyConnection, select: str) -> int:
    """The most rows that any operator of a SELECT gave to the next."""
    [(_, plan)] = connection.execute(f"explain (analyze, format json) {select}").fetchall()
    return max(step.get("operator_cardinality", 0) for step in nodes(json.loads(plan)))


def too_large(connection: duckdb.DuckDBPyConnection, allowed: int) -> Iterator[tuple[str, int]]:
    for path in layer_files("facts"):
        rows = largest_step(connection, path.read_text(encoding="utf-8"))
        if rows > allowed:
            yield path.stem, rows


@pytest.mark.parametrize("world", [one_household, one_person])
def test_no_step_of_a_fact_table_holds_more_rows_than_were_delivered(world: Any) -> None:
    rows = world()
    assert dict(too_large(facts_of(rows), allowed=sum(map(len, rows.values())))) == {}


def test_a_step_that_multiplies_is_seen() -> None:
    connection = facts_of(one_household())
    pairs = "select count(*) from core.person as one join core.person as other on other.hukou_no = one.hukou_no"
    assert largest_step(connection, pairs) >= MEMBERS**2
