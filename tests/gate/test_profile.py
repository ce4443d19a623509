"""What is counted of the rows of a delivery: empty cells, rough values, doubled keys; nothing that tells of somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest
from given import VILLAGE, given, made_up_id, night

from monitor.contracts import extract
from monitor.gate import Profile, kept_profile, together
from monitor.gate.profile import profile

DAY = date(2026, 11, 20)


@pytest.fixture
def care() -> Iterator[duckdb.DuckDBPyConnection]:
    """Four people looked after, one of them twice."""
    with night() as connection:
        visits = ["2026-11-20", "2026-11-13", None, "2026-11-21", "1899-12-31"]
        people = [made_up_id(n) for n in (1, 2, 3, 4, 1)]
        rows = [{"id_no": who, "care_kind": "alone", "last_visit_on": day} for who, day in zip(people, visits, strict=True)]
        given(connection, {"mca_care": rows})
        yield connection


def test_rows_empty_cells_and_doubled_keys_are_counted(care: duckdb.DuckDBPyConnection) -> None:
    found = profile(care, extract("mca_care"), "landing.mca_care", DAY)
    assert (found.rows, found.doubled) == (5, 1)
    assert found.empty == {"guardian_id_no": 5, "last_visit_on": 1}


def test_values_are_counted_roughly(care: duckdb.DuckDBPyConnection) -> None:
    found = profile(care, extract("mca_care"), "landing.mca_care", DAY)
    assert found.spread == {
        "care_kind": {"alone": 5},
        "last_visit_on": {"0": 1, "3": 1, "later": 1, "early": 1},
    }


def test_amounts_are_orders_of_magnitude_and_villages_are_counties() -> None:
    paid = ["-1.00", "0", "0.50", "1023.99", "1024.00"]
    with night() as connection:
        rows = [{"id_no": made_up_id(1), "settle_no": str(n), "self_paid": amount} for n, amount in enumerate(paid)]
        given(connection, {"nhsa_settlement": rows, "psb_resident": [{"id_no": made_up_id(1), "village_code": VILLAGE}]})
        found = profile(connection, extract("nhsa_settlement"), "landing.nhsa_settlement", DAY)
        people = profile(connection, extract("psb_resident"), "landing.psb_resident", DAY)
    assert (people.spread or {})["village_code"] == {VILLAGE[:6]: 1}
    assert (found.spread or {})["self_paid"] == {"negative": 1, "zero": 1, "-1": 1, "9": 1, "10": 1}


def test_a_share_of_the_keys_stands_for_all_when_they_are_many(
    care: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.gate.profile._KEYS_COMPARED", 500)
    ids = "select cast(n // 2 as bigint) as id_no_key, 'alone' as care_kind, null::bigint as guardian_id_no_key,"
    rows = f"({ids} null::date as last_visit_on from range(20000) t(n))"
    found = profile(care, extract("mca_care"), rows, DAY)
    assert found.doubled == pytest.approx(10_000, rel=0.2)


def test_a_profile_is_made_once_and_anew_for_another_landing(care: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "one.profile.json"

    def kept(relation: str, made_under: str = "a") -> Profile:
        return kept_profile(care, extract("mca_care"), relation, DAY, path, made_under)

    first = kept("landing.mca_care")
    assert kept("no_such_table") == first
    assert kept("(from landing.mca_care limit 2)", "b").rows == 2
    path.write_text("{", encoding="utf-8")
    assert kept("landing.mca_care") == first


def test_parts_add_up() -> None:
    one, other = Profile(2, 1, {"a": 1}, {"b": {"x": 2}}), Profile(3, 0, {"a": 2}, {"b": {"x": 1, "y": 2}, "c": {"z": 3}})
    assert together([one, other]) == Profile(5, 1, {"a": 3}, {"b": {"x": 3, "y": 2}, "c": {"z": 3}})
