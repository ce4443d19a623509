"""Typed columns of a Parquet file: moments in time mean the same on every machine, and dates lie in the calendar."""

from __future__ import annotations

import io
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from landing_inbox import Inbox, made_up_id

from monitor.sources import rows_file
from monitor.store import connect

NAME = "nhc_elder_ability_20261001"


def parquet(columns: dict[str, Any]) -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table(columns), made)
    return made.getvalue()


@pytest.mark.parametrize("zone", ["UTC", "America/Los_Angeles", "Asia/Shanghai"])
@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_a_moment_is_dated_as_clocks_showed_in_china(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, zone: str, unit: str
) -> None:
    def elsewhere(*given: Any, **named: Any) -> duckdb.DuckDBPyConnection:
        connection = connect(*given, **named)
        connection.execute(f"set TimeZone = '{zone}'")
        return connection

    monkeypatch.setattr(sys.modules["monitor.sources.side_by_side"], "connect", elsewhere)
    midnight = datetime(2026, 1, 2, 16, tzinfo=UTC)  # of 3 January in China
    moments = pa.array([midnight, midnight - timedelta(seconds=1), midnight, None], pa.timestamp(unit, "America/New_York"))
    nested = pa.StructArray.from_arrays([moments], ["t"])
    ids = [made_up_id(1), made_up_id(2), "坏", made_up_id(3)]
    inbox.put(f"{NAME}.parquet", parquet({"id_no": ids, "score": [1, 2, 3, 4], "assessed_on": moments, "其他": nested}))
    (landed,) = inbox.landed()
    found = duckdb.execute("select assessed_on from read_parquet(?)", [str(rows_file(inbox.night, landed))]).fetchall()
    assert found == [(date(2026, 1, 3),), (date(2026, 1, 2),)]
    assert landed.reasons == {"bad_id:id_no": 1, "missing:assessed_on": 1}
    ((_, _, raw), _) = inbox.quarantine(landed)
    assert (raw["assessed_on"], raw["其他"]) == ("2026-01-03 00:00:00", {"t": "2026-01-03 00:00:00+08"})


def test_a_month_is_that_of_china(inbox: Inbox) -> None:
    moments = pa.array([datetime(2026, 1, 31, 17, tzinfo=UTC)], pa.timestamp("us", "UTC"))
    columns = {"id_no": [made_up_id(1)], "payer_no": ["甲"], "tax_month": moments, "tax_item": ["工资薪金"], "amount": [1]}
    inbox.put("sta_income_20261001.parquet", parquet(columns))
    (landed,) = inbox.landed()
    found = duckdb.execute("select tax_month from read_parquet(?)", [str(rows_file(inbox.night, landed))]).fetchall()
    assert found == [(date(2026, 2, 1),)]


@pytest.mark.parametrize("zone", [None, "UTC"])
@pytest.mark.parametrize("odd", [2**63 - 2, -(2**62), -62_200_000_000_000_000, 253_500_000_000_000_000])
def test_what_lies_beyond_the_calendar_is_no_date_and_harms_no_other_row(inbox: Inbox, odd: int, zone: str | None) -> None:
    moments = pa.array([1_767_369_600_000_000, odd], pa.timestamp("us", zone))
    inbox.put(f"{NAME}.parquet", parquet({"id_no": [made_up_id(1), made_up_id(2)], "score": [1, 2], "assessed_on": moments}))
    (landed,) = inbox.landed()
    assert (landed.fault, landed.readable, landed.reasons) == ("", 1, {"bad_date:assessed_on": 1})


def test_a_date_beyond_the_calendar_is_blanked_where_it_is_optional(inbox: Inbox) -> None:
    days = pa.array([-720_000, 20_000, 2**31 - 1], pa.date32())
    columns = {"id_no": [made_up_id(n) for n in range(3)], "year": [2026] * 3, "insured_kind": ["职工"] * 3, "paid_on": days}
    inbox.put("nhsa_enrolment_20261001.parquet", parquet(columns))
    (landed,) = inbox.landed()
    assert (landed.fault, landed.readable, landed.blanked_by) == ("", 3, {"paid_on": 2})


def test_text_of_a_parquet_file_may_be_what_databases_write(inbox: Inbox) -> None:
    """What is pulled from a database comes as text, so that no digit is lost."""
    columns = {
        "id_no": [made_up_id(n) for n in range(2)],
        "year": [2026] * 2,
        "insured_kind": ["职工"] * 2,
        "paid_on": ["2026-01-03 00:00:00", "2026-01-03"],
        "subsidised": ["true", "是"],
    }
    inbox.put("nhsa_enrolment_20261001.parquet", parquet(columns))
    (landed,) = inbox.landed()
    assert (landed.readable, landed.blanked_by) == (2, {})
