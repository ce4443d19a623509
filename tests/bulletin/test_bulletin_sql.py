"""What single files of `sql/bulletin` say of hand-made rows of the analyst file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb
import pytest

from monitor.contracts import outputs
from monitor.dictionary import promised_columns
from monitor.store import identifier
from monitor.transform import SQL

COUNTY = "530622"
NIGHTS = ("2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20")


@pytest.fixture
def file() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty analyst file beside an empty bulletin of the last night, whose trend begins with the second."""
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as warehouse; attach ':memory:' as bulletin")
        for table in ("answer", "case_history", "coverage", "run"):
            columns = ", ".join(f"{identifier(c.name)} {c.type}" for c in promised_columns(outputs("analyst")[table]))
            connection.execute(f"create table warehouse.{table} ({columns})")
        connection.execute("create table bulletin.place as select ? as place, ? as county", [COUNTY, COUNTY])
        for name, day in (("as_of", NIGHTS[-1]), ("after", NIGHTS[-2]), ("trend_from", NIGHTS[1])):
            connection.execute(f"set variable {name} = cast(? as date)", [day])
        for night in NIGHTS:
            given(connection, "run", as_of=night)
        yield connection


def given(connection: duckdb.DuckDBPyConnection, table: str, **cells: object) -> None:
    names, marks = ", ".join(map(identifier, cells)), ", ".join("?" for _ in cells)
    connection.execute(f"insert into warehouse.{table} ({names}) values ({marks})", list(cells.values()))


def made(connection: duckdb.DuckDBPyConnection, *names: str) -> list[Mapping[str, Any]]:
    """Make tables one after the other; the rows of the last."""
    for name in names:
        select = (SQL / "bulletin" / f"{name}.sql").read_text(encoding="utf-8")
        connection.execute(f"create table bulletin.{name} as {select}")
    cursor = connection.execute(f"from bulletin.{names[-1]} order by all")
    columns = [column[0] for column in cursor.description or []]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def test_the_latest_day_is_in_force_and_not_what_was_collected_last(file: duckdb.DuckDBPyConnection) -> None:
    visit = {"case_no": "V1", "kind": "visit", "county": COUNTY}
    given(file, "answer", **visit, answer_order=1, answer="true_enrolled", answered_on="2026-11-18", collected_on="2026-11-18")
    given(file, "answer", **visit, answer_order=2, answer="false_data", answered_on="2026-11-17", collected_on="2026-11-20")
    (row,) = made(file, "answered")
    assert (row["answer"], row["is_of_period"]) == ("true_enrolled", False)


def test_on_one_day_the_later_row_is_in_force(file: duckdb.DuckDBPyConnection) -> None:
    visit = {"case_no": "V1", "kind": "visit", "county": COUNTY, "answered_on": "2026-11-18", "collected_on": "2026-11-20"}
    given(file, "answer", **visit, answer_order=1, answer="true_enrolled")
    given(file, "answer", **visit, answer_order=2, answer="false_data")
    (row,) = made(file, "answered")
    assert (row["answer"], row["is_of_period"]) == ("false_data", True)


def story(connection: duckdb.DuckDBPyConnection, case_no: str, *nights: tuple[str, str | None]) -> None:
    """A case of the last nights, each with its state and the answer known."""
    for as_of, (state, answer) in zip(NIGHTS[-len(nights) :], nights, strict=True):
        cells = {"as_of": as_of, "case_no": case_no, "kind": "visit", "county": COUNTY, "colour": "red"}
        given(connection, "case_history", **cells, state=state, answer=answer)


def went(connection: duckdb.DuckDBPyConnection) -> list[int]:
    return [row["went"] for row in made(connection, "county_night", "trend")]


def test_a_case_that_was_closed_does_not_go_again_when_its_mute_ends(file: duckdb.DuckDBPyConnection) -> None:
    helped = "true_enrolled"
    story(file, "V1", ("continuing", None), ("closed", helped), ("muted", helped), ("cleared", helped))
    story(file, "V2", ("closed", helped), ("closed", "false_data"))
    assert went(file) == [1, 1, 0]


def test_a_case_closed_before_the_trend_begins_does_not_go_in_it(file: duckdb.DuckDBPyConnection) -> None:
    story(file, "V1", ("closed", "false_data"), ("cleared", "false_data"), ("new", None), ("cleared", None))
    assert went(file) == [0, 0, 1]


def test_a_case_of_nobody_found_goes_when_it_ends(file: duckdb.DuckDBPyConnection) -> None:
    story(file, "V1", ("continuing", None), ("muted", "not_found"), ("cleared", "not_found"))
    assert went(file) == [0, 0, 1]


def test_the_share_that_cannot_be_told_leaves_out_the_exempt_on_a_page(file: duckdb.DuckDBPyConnection) -> None:
    given(file, "coverage", as_of=NIGHTS[-1], indicator="EXP-004", county=COUNTY, hit=2, clear=6, unknown=2, exempt=90)
    assert [(row["unknown"], row["asked"]) for row in made(file, "blind")] == [(2, 10)]
