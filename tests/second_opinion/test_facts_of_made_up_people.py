"""What the SQL says of a made-up village, read from dirty files, is what the definitions say of the same records."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest
from comparing import differences_in
from random_records import Records

from monitor.contracts import extracts
from monitor.run import Night
from monitor.settings import Settings
from monitor.steps import begin, build, gate, home_held, land
from monitor.synth import Plan, synthesise

AS_OF = date(2026, 11, 20)


def landed(connection: duckdb.DuckDBPyConnection) -> tuple[Records, dict[str, date | None]]:
    """The records in force, in the order of arrival, and the newest accepted delivery of each extract."""
    rows: Records = {}
    for name, contract in extracts().items():
        columns = [*contract.arrow_schema.names, "_delivered_on", "_part", "_row"]
        found = connection.execute(f"select {', '.join(columns)} from landing.{name} order by _delivered_on, _part, _row")
        records: list[dict[str, Any]] = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
        rows[name] = [record | {"_order": number} for number, record in enumerate(records)]
    return rows, dict(connection.execute("select extract, newest_delivery from deliveries.freshness").fetchall())


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """A night over some 300 households, up to the facts."""
    folder = tmp_path_factory.mktemp("village")
    synthesise(Plan(persons=1000, seed=5, as_of=AS_OF), folder / "inbox")
    settings = Settings(home=folder / "home", inbox=folder / "inbox", threads=1)
    with home_held(settings, new=True):
        for verb in (begin, land, gate, build):
            verb(settings, AS_OF)
    return Night(settings, AS_OF)


def test_every_fact_of_every_subject_agrees(night: Night) -> None:
    with night.connect() as connection:
        rows, delivered = landed(connection)
        assert len(rows["psb_resident"]) > 900
        assert differences_in(connection, rows, delivered, AS_OF) == []
