"""Staging: only records that are there at the as-of date; keys for IDs; an order that tells the last row."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from given import core_of, given, key_of, made_up_id, night

from monitor.contracts import Extract, extracts
from monitor.transform import run_layer

AS_OF = date(2026, 11, 20)
DATED = [contract for contract in extracts().values() if contract.dated_by]


def row_dated(contract: Extract, day: date) -> dict[str, Any]:
    """A record of somebody whose dating cells all hold this day."""
    ids = {column.name: made_up_id(1) for column in contract.columns if column.kind == "id"}
    kinds = {name: contract.column(name).kind for name in contract.dated_by}
    return ids | {name: day.year if kind == "int" else day for name, kind in kinds.items()}


def staged(rows: dict[str, list[dict[str, Any]]]) -> dict[str, int]:
    """How many of the given records are there, by extract."""
    connection = night()
    given(connection, rows)
    run_layer(connection, "staging", views=True)
    return {name: connection.execute(f"select count(*) from staging.{name}").fetchall()[0][0] for name in rows}


def test_a_record_dated_after_the_day_is_not_there() -> None:
    after = {contract.name: date(2027, 1, 1) if contract.dated_by == ("year",) else AS_OF + timedelta(1) for contract in DATED}
    rows = {c.name: [row_dated(c, AS_OF), row_dated(c, after[c.name]), row_dated(c, after[c.name])] for c in DATED}
    assert staged(rows) == dict.fromkeys(rows, 1)
    assert len(rows) == 26


def test_a_record_without_a_date_is_there() -> None:
    undated = [c for c in DATED if not any(c.column(name).required for name in c.dated_by)]
    rows = {contract.name: [{"id_no": made_up_id(1)}] for contract in undated}
    assert staged(rows) == dict.fromkeys(rows, 1)
    assert len(rows) == 8


def test_an_extract_that_nothing_dates_is_there_whole() -> None:
    rows = {c.name: [{"id_no": made_up_id(1)}] for c in extracts().values() if not c.dated_by}
    assert staged(rows) == dict.fromkeys(rows, 1)


def test_every_extract_is_staged_with_its_columns_and_keys() -> None:
    core = core_of({})
    for contract in extracts().values():
        columns = {row[0]: row[1] for row in core.execute(f"describe staging.{contract.name}").fetchall()}
        expected = {"person" if column.name == "id_no" else column.name for column in contract.columns}
        assert set(columns) == expected | {"_order"}
        keys = {"person" if column.name == "id_no" else column.name for column in contract.columns if column.kind == "id"}
        assert {columns[name] for name in keys} | {columns["_order"]} == {"BIGINT"}


def test_a_first_certificate_dates_a_disability_before_a_later_one() -> None:
    rows = [{"id_no": made_up_id(1), "first_issued_on": "2026-01-01", "issued_on": "2027-01-01"}]
    core = core_of({"dpf_disability": rows})
    assert core.execute("select person, disability_kind from staging.dpf_disability").fetchall() == [(key_of(made_up_id(1)), 1)]


def test_the_order_follows_delivery_then_part_then_row() -> None:
    rows = [
        {"_delivered_on": "2026-11-02", "_part": "2"},
        {"_delivered_on": "2026-11-02", "_part": "10"},
        {"_delivered_on": "2026-11-02", "_part": "10"},
        {"_delivered_on": "2026-10-30", "_part": "3"},
        {"_delivered_on": "2026-11-03", "_part": ""},
    ]
    core = core_of({"mca_service_order": [{"id_no": made_up_id(1), "order_no": str(n), **row} for n, row in enumerate(rows)]})
    found = core.execute("select order_no from staging.mca_service_order order by _order").fetchall()
    assert [number for (number,) in found] == ["3", "1", "2", "0", "4"]
    assert core.execute("select count(distinct _order) from staging.mca_service_order").fetchall() == [(5,)]
