"""Windows: how far the data of an extract reach, and the whole months before."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from given import core_of, made_up_id, night


def window(connection: duckdb.DuckDBPyConnection, extract: str) -> tuple[date | None, ...]:
    return connection.execute(
        f"select e, running_month, w12_from, w3_from from core.time_window where extract = '{extract}'"
    ).fetchall()[0]


def months(count_by_month: dict[str, int]) -> list[dict[str, object]]:
    return [
        {"id_no": made_up_id(n), "payer_no": "1", "tax_month": month}
        for month, count in count_by_month.items()
        for n in range(count)
    ]


def test_windows_are_the_whole_months_before_the_month_of_the_newest_delivery() -> None:
    core = core_of({}, delivered={"hrss_pension": "2026-10-05"})
    assert window(core, "hrss_pension") == (date(2026, 10, 5), date(2026, 10, 1), date(2025, 10, 1), date(2026, 7, 1))


def test_without_an_accepted_delivery_there_is_no_window() -> None:
    core = core_of({"sta_income": months({"2026-09-01": 1})}, delivered={"hrss_pension": None, "sta_income": None})
    assert window(core, "hrss_pension") == window(core, "sta_income") == (None, None, None, None)


def test_a_late_delivery_keeps_its_window() -> None:
    core = core_of({}, delivered={"hrss_pension": "2025-01-31"})
    assert window(core, "hrss_pension")[1] == date(2025, 1, 1)


@pytest.mark.parametrize(
    ("filled", "reached"),
    [
        ({"2026-08-01": 4, "2026-09-01": 4}, date(2026, 10, 1)),
        ({"2026-08-01": 4, "2026-09-01": 2}, date(2026, 10, 1)),
        ({"2026-08-01": 4, "2026-09-01": 1}, date(2026, 9, 1)),
        ({"2026-07-01": 8, "2026-08-01": 4, "2026-09-01": 1}, date(2026, 9, 1)),
        ({"2026-07-01": 4, "2026-09-01": 1}, date(2026, 10, 1)),
        ({"2026-11-01": 4}, date(2026, 11, 5)),
        ({"2026-10-01": 4}, date(2026, 11, 1)),
        ({"2026-10-01": 4, "2026-11-01": 2}, date(2026, 11, 5)),
        ({"2026-10-01": 4, "2026-12-01": 9}, date(2026, 11, 1)),
        ({}, date(2026, 11, 5)),
    ],
)
def test_income_reaches_to_the_newest_month_at_least_half_as_full_as_the_one_before(
    filled: dict[str, int], reached: date
) -> None:
    core = core_of({"sta_income": months(filled)}, delivered={"sta_income": "2026-11-05"})
    assert window(core, "sta_income")[0] == reached


def test_power_reaches_by_the_same_rule() -> None:
    rows = [
        {"id_no": made_up_id(1), "account_no": str(n), "use_month": month}
        for month, count in {"2026-08-01": 3, "2026-09-01": 1}.items()
        for n in range(count)
    ]
    core = core_of({"grid_power": rows}, delivered={"grid_power": "2026-11-05"})
    assert window(core, "grid_power") == (date(2026, 9, 1), date(2026, 9, 1), date(2025, 9, 1), date(2026, 6, 1))


@pytest.mark.parametrize(
    ("day", "as_of", "months_gone"),
    [
        ("2026-08-20", "2026-11-20", 3),
        ("2026-08-21", "2026-11-20", 2),
        ("2026-08-31", "2026-11-30", 3),
        ("2026-08-30", "2026-11-29", 2),
        ("2024-02-29", "2025-02-28", 12),
        ("2024-02-29", "2028-02-28", 47),
        ("2026-01-31", "2026-02-28", 1),
        ("2026-11-20", "2026-11-20", 0),
    ],
)
def test_months_since_counts_to_the_last_day_of_a_shorter_month(day: str, as_of: str, months_gone: int) -> None:
    found = duckdb_value(f"months_since(date '{day}', date '{as_of}')")
    assert found == months_gone


def test_a_quotient_is_rounded_half_away_from_zero() -> None:
    assert [duckdb_value(f"rounded_quotient({n}, {d})") for n, d in ((5, 2), (-5, 2), (4, 3), (-4, 3), (0, 7))] == [
        3,
        -3,
        1,
        -1,
        0,
    ]


def test_a_key_and_its_id_translate_into_each_other() -> None:
    for number in range(40):
        id_no = made_up_id(number, "1961-12-31")
        assert duckdb_value(f"id_text(id_key('{id_no}'))") == id_no
        assert str(duckdb_value(f"birth_in_id(id_key('{id_no}'))")) == "1961-12-31"


def duckdb_value(expression: str) -> object:
    return night().execute(f"select {expression}").fetchall()[0][0]
