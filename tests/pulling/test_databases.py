"""PostgreSQL and MariaDB by SELECT: exact to the last digit, nothing lost between pages, nothing written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pytest
from places import D, Fields, Place, database_source
from servers import Certificates, DatabaseServer

from monitor.pulling import Pulled
from monitor.run import Night
from monitor.sources import arrive, judge, land

FILE = "mca_service_order_20261120.parquet"
ORDER = "select order_no, id_no, '助餐' as service_kind, ordered_on as 点单日期 from orders"
SOMEBODY = "990101198001010014"


@dataclass
class Department:
    """A database with a table of orders, and a home that pulls from it."""

    kind: str
    server: DatabaseServer
    certificates: Certificates
    place: Place

    def holds(self, *rows: str) -> None:
        """Orders as VALUES: order_no, id_no, ordered_on, hours, signed, changed_at."""
        for at in range(0, len(rows), 1000):
            self.server.execute("insert into orders values " + ", ".join(rows[at : at + 1000]))

    def asks(self, sql: str, more: Fields | None = None, **query: Any) -> None:
        self.place.declare("department", database_source(self.kind, self.server, self.certificates, sql, **query), **more or {})

    def pulled(self, as_of: date = D) -> Pulled:
        return self.place.pull(as_of)["department"]

    def rows(self, select: str = "*", file: str = FILE) -> list[tuple[Any, ...]]:
        return duckdb.execute(f"select {select} from read_parquet(?)", [str(self.place.inbox / file)]).fetchall()


@pytest.fixture(params=["postgres", "mysql"])
def department(request: pytest.FixtureRequest, certificates: Certificates, place: Place) -> Iterator[Department]:
    server: DatabaseServer = request.getfixturevalue(request.param)
    columns = "order_no bigint, id_no varchar(18), ordered_on date, hours numeric(30,10), signed {}, changed_at {}"
    types = ("boolean", "timestamp") if request.param == "postgres" else ("bit(1)", "datetime")
    server.execute("drop table if exists orders", f"create table orders ({columns.format(*types)})")
    return Department(request.param, server, certificates, place)


def order(number: int, changed_at: str = "2026-11-19 08:00:00", hours: str = "1.5") -> str:
    return f"({number}, '{SOMEBODY}', '2026-11-18', {hours}, {'true' if number % 2 else 'false'}, '{changed_at}')"


def test_what_the_database_holds_is_what_lands(department: Department) -> None:
    department.holds(order(1, hours="1234567.1"), order(2, hours="0.0001"), order(3, hours="null"))
    department.asks(f"{ORDER.replace(' from', ', hours, signed from')}")
    assert department.pulled().failures == ()
    night = Night(department.place.settings, D)
    night.begin()
    arrivals = arrive(night)
    with night.connect() as connection:
        judge(connection, night, arrivals, land(night, arrivals))
        landed = "order_no, id_no, service_kind, cast(ordered_on as varchar), cast(hours as varchar), signed"
        found = connection.execute(f"select {landed} from landing.mca_service_order order by 1").fetchall()
    same = (SOMEBODY, "meal", "2026-11-18")
    assert found == [("1", *same, "1234567.1000", True), ("2", *same, "0.0001", False), ("3", *same, None, True)]


def test_long_numbers_keep_every_digit(department: Department) -> None:
    department.holds(order(9007199254740993, hours="12345678901234567890.0123456789"))
    department.asks(ORDER.replace(" from", ", hours from"))
    department.pulled()
    assert department.rows("order_no, hours") == [("9007199254740993", "12345678901234567890.0123456789")]


@pytest.mark.parametrize("page_rows", [1, 7, 500, 501])
def test_pages_by_key_lose_nothing_and_double_nothing(department: Department, page_rows: int) -> None:
    first = 9007199254740990  # above 2**53, where neighbours are the same double
    department.holds(*(order(first + n) for n in range(50)))
    department.asks(ORDER, {"page_rows": page_rows}, key=["order_no", "id_no"])
    assert department.pulled().failures == ()
    assert department.rows("order_no") == [(str(first + n),) for n in range(50)]


@pytest.mark.parametrize("rows", [[1, 2, 2, 3], [1, 2, None, None, None]], ids=["not unique", "empty"])
def test_a_key_that_would_lose_rows_is_noticed(department: Department, rows: list[int | None]) -> None:
    department.holds(*(order(n or 0).replace("(0,", "(null,") for n in rows))
    department.asks(ORDER, {"page_rows": 2}, key=["order_no"])
    (failure,) = department.pulled().failures
    assert "key 的列有空值或重复" in failure.found
    assert department.place.arrived() == {}


def test_a_long_read_without_a_key_brings_everything(department: Department) -> None:
    department.holds(*(order(n) for n in range(3000)))
    department.asks(ORDER, {"page_rows": 999})
    department.pulled()
    assert department.rows("count(*), count(distinct order_no)") == [(3000, 3000)]


def test_a_window_is_counted_from_the_as_of_day(department: Department) -> None:
    department.holds(*(order(n).replace("2026-11-18", f"2026-11-{n}") for n in range(10, 26)))
    department.asks(f"{ORDER} where ordered_on > {{since}} and ordered_on <= {{as_of}}", window_days=3)
    department.pulled()
    assert department.rows("order_no") == [("18",), ("19",), ("20",)]


def test_each_night_goes_on_where_the_nights_before_it_ended(department: Department) -> None:
    department.asks(
        f"{ORDER.replace(' from', ', changed_at from')} where changed_at > {{since}}",
        watermark="changed_at",
        first_since="2026-11-01 00:00:00",
    )
    department.holds(order(1, "2026-10-31 00:00:00"), order(2, "2026-11-02 10:00:00"))
    department.pulled(date(2026, 11, 19))
    department.holds(order(3, "2026-11-03 10:00:00"))
    department.pulled()
    assert department.rows("order_no", "mca_service_order_20261119.parquet") == [("2",)]
    assert department.rows("order_no") == [("3",)]
    department.holds(order(4, "2026-11-04 10:00:00"))
    department.pulled()
    assert department.rows("order_no") == [("3",), ("4",)], "a night run again asks from the same place"


def test_a_monthly_query_is_asked_once_a_month(department: Department) -> None:
    department.holds(order(1))
    department.asks(ORDER, monthly_from=10)
    for day in ("2026-10-31", "2026-11-09", "2026-11-11", "2026-11-11", "2026-11-12", "2027-01-02"):
        assert department.pulled(date.fromisoformat(day)).failures == ()
    asked = sorted(name.removeprefix("mca_service_order_")[:8] for name in department.place.arrived())
    assert asked == ["20261031", "20261111", "20270102"], "a month without a night is made up for"


def test_columns_beyond_the_contract_never_reach_the_disk(department: Department) -> None:
    department.holds(order(1))
    department.asks(f"{ORDER.replace(' from', ', 123456 as salary from')}")
    department.pulled()
    assert department.rows() == [("1", SOMEBODY, "助餐", "2026-11-18")]


def test_the_same_answer_is_the_same_file_and_not_new(department: Department) -> None:
    department.holds(*(order(n) for n in range(20)))
    department.asks(ORDER, key=["order_no"])
    department.pulled()
    before = department.place.arrived()
    again = department.pulled()
    assert (again.files, again.unchanged) == ((), 1)
    assert department.place.arrived() == before


def test_a_percent_sign_in_a_query_is_a_percent_sign(department: Department) -> None:
    department.holds(order(1), order(22))
    department.asks(f"{ORDER} where cast(order_no as char(2)) like '2%'")
    department.pulled()
    assert department.rows("order_no") == [("22",)]


def test_a_query_that_would_write_is_refused(department: Department) -> None:
    if department.kind == "postgres":
        department.server.execute(
            "create or replace function stamp() returns int language sql as 'insert into orders values (7); select 7'",
            "grant insert on orders to monitor",
        )
        department.asks("select stamp() as order_no, '' as id_no, '' as service_kind, '' as ordered_on")
    else:
        department.server.execute(
            "drop function if exists stamp",
            "create function stamp() returns int modifies sql data begin insert into orders (order_no) values (7); return 7;"
            " end",
            "grant execute on department.* to monitor@'%'",
        )
        department.asks("select stamp() as order_no, '' as id_no, '' as service_kind, '' as ordered_on")
    (failure,) = department.pulled().failures
    assert failure.found == "查询想要写入,只读事务不允许"


@pytest.mark.parametrize(
    ("sql", "query", "told"),
    [
        ("select order_no from orders", {}, "查询结果缺少必需的列:服务对象身份号码、服务类型、点单日期"),
        (f"{ORDER} where no_such = 1", {}, "查询执行不了"),
        (ORDER.replace("orders", "no_such_table"), {}, "查询执行不了"),
        (ORDER, {"key": ["工单"]}, "查询结果没有 key 或 watermark 的列:工单"),
        (ORDER.replace("id_no,", "id_no, order_no as 工单编号,"), {}, "查询结果有重复的列:工单编号"),
    ],
    ids=["a column is missing", "no such column", "no such table", "no such key", "a column twice"],
)
def test_a_query_that_does_not_fit_is_told(department: Department, sql: str, query: Fields, told: str) -> None:
    department.asks(sql, **query)
    (failure,) = department.pulled().failures
    assert failure.found.startswith(told)
