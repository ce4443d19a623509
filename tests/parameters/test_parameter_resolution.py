"""Which value is in force: longest region, then newest day, then the row that names the area kind; none stops the run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from monitor.errors import ParameterMissing
from monitor.parameters import resolve_parameters
from monitor.settings import Settings
from monitor.store import connect

PLACES = (
    "(1, '530625001001', 'rural', '530625'), (2, '530625001001', 'urban', '530625'), "
    "(3, '530102001001', 'urban', '530102'), (4, '53', 'rural', '000000')"
)
HEADER = "region_code,area_kind,valid_from,value,document\n"


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(None, Settings(threads=1)) as opened:
        opened.execute(f"create table core.place as from (values {PLACES}) as t(place_id, region_code, area_kind, county)")
        yield opened


def in_force(connection: duckdb.DuckDBPyConnection, parameter: str, as_of: str = "2026-11-20", *folders: Path) -> list[Decimal]:
    """The parameter's value in each place, in the order of the places."""
    resolve_parameters(connection, date.fromisoformat(as_of), folders)
    rows = connection.execute(f"select {parameter} from parameters.in_force order by place_id").fetchall()
    return [value for (value,) in rows]


def own(folder: Path, rows: str, name: str = "repeated_stays") -> Path:
    (folder / f"{name}.csv").write_text(HEADER + rows, encoding="utf-8")
    return folder


def test_rural_and_urban_places_have_their_own_dibao_standard(connection: duckdb.DuckDBPyConnection) -> None:
    assert in_force(connection, "dibao_month_yuan") == [560, 744, 744, 560]


@pytest.mark.parametrize(
    ("as_of", "rural"), [("2023-01-01", "503.17"), ("2024-06-30", "503.17"), ("2024-07-01", "533.33"), ("2025-06-30", "533.33")]
)
def test_a_value_is_in_force_from_its_day_on(connection: duckdb.DuckDBPyConnection, as_of: str, rural: str) -> None:
    assert in_force(connection, "dibao_month_yuan", as_of)[0] == Decimal(rural)


def test_the_prefecture_beats_the_province(connection: duckdb.DuckDBPyConnection) -> None:
    assert in_force(connection, "dwelling_limit") == [1, 1, 2, 1]


def test_the_nation_reaches_every_place(connection: duckdb.DuckDBPyConnection) -> None:
    assert in_force(connection, "low_margin_multiple") == [Decimal("1.5")] * 4


def test_a_longer_region_beats_a_newer_day(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    own(tmp_path, "530625,any,2023-01-01,7,县文件\n53,any,2026-01-01,9,省文件\n")
    assert in_force(connection, "repeated_stays", "2026-11-20", tmp_path) == [7, 7, 9, 9]


def test_a_newer_day_beats_a_named_area_kind(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    own(tmp_path, "5306,rural,2024-01-01,7,旧文件\n5306,any,2025-01-01,8,新文件\n")
    assert in_force(connection, "repeated_stays", "2026-11-20", tmp_path)[:2] == [8, 8]


def test_of_one_region_and_day_the_named_area_kind_wins(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    own(tmp_path, "5306,any,2025-01-01,8,文件\n5306,rural,2025-01-01,7,文件\n")
    assert in_force(connection, "repeated_stays", "2026-11-20", tmp_path)[:2] == [7, 8]


def test_a_township_and_a_village_may_set_their_own(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    own(tmp_path, "530625001,any,2025-01-01,5,乡文件\n530625001001,rural,2025-01-01,6,村文件\n")
    assert in_force(connection, "repeated_stays", "2026-11-20", tmp_path)[:2] == [6, 5]


def test_a_value_of_tomorrow_is_not_in_force_today(connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    own(tmp_path, "5306,any,2026-11-21,8,文件\n")
    assert in_force(connection, "repeated_stays", "2026-11-20", tmp_path)[0] == 3


def test_the_source_of_each_value_is_kept(connection: duckdb.DuckDBPyConnection) -> None:
    resolve_parameters(connection, date(2026, 11, 20))
    row = connection.execute(
        "select value, region_code, area_kind, valid_from, document from parameters.resolved "
        "where place_id = 3 and parameter = 'dwelling_limit'"
    ).fetchone()
    assert row == (Decimal(2), "5301", "any", date(2023, 1, 1), "昆明低边口径")


def test_every_missing_value_is_named_with_parameter_region_and_day(connection: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ParameterMissing) as raised:
        resolve_parameters(connection, date(2022, 12, 31))
    told = str(raised.value)
    assert raised.value.exit_code == 12
    assert "dibao_month_yuan, region 530625, rural, 2022-12-31" in told
    assert "visits_per_week, region 53, rural, 2022-12-31" in told


def test_no_places_give_empty_tables(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("delete from core.place")
    assert in_force(connection, "dibao_month_yuan") == []
