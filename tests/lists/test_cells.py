"""Cells that no spreadsheet program may run, change or break."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from monitor.lists import cells
from monitor.lists.cells import csv_file, make_cell_macros
from monitor.settings import Settings
from monitor.store import connect


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    opened = connect(None, Settings(threads=1))
    make_cell_macros(opened)
    return opened


def cell(connection: duckdb.DuckDBPyConnection, raw: str | None) -> str:
    (line,) = connection.execute("select csv_cell(safe_text($raw::varchar))", {"raw": raw}).fetchall()[0]
    (row,) = csv.reader(io.StringIO(line, newline=""))
    return row[0]


@pytest.mark.parametrize(
    "raw",
    [
        "=1+1",
        '=HYPERLINK("http://x","点")',
        "+86 13800000000",
        "-2+3",
        "@SUM(A1)",
        "\uff1d1+1",
        "\uff0b1",
        "\uff0d1",
        "\uff20SUM(A1)",
        "\u22121",
        "\ufe661",
        " =1+1",
        "\u3000=1+1",
        "\u00a0=1+1",
        "\u200b=1+1",
        "\ufeff=1+1",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\x00=1+1",
    ],
)
def test_no_formula_starts(connection: duckdb.DuckDBPyConnection, raw: str) -> None:
    assert cell(connection, raw).startswith("'")


@pytest.mark.parametrize(
    "raw",
    [
        *("990123197001010011", "13800000000", "08701234567", "0870-1234567", "000123", "1,000", "1.10", ".5", "123"),
        *("1E5", "5%", "(5)", "\uffe530", "\uff11\uff12"),
        *("3-5", "2026-11-20", "2026/1/3", "3月5日", "12:30", "Mar-5", "5 dec"),
    ],
)
def test_what_reads_as_a_number_or_date_stays_text_with_every_digit(connection: duckdb.DuckDBPyConnection, raw: str) -> None:
    assert cell(connection, raw) == "'" + raw


@pytest.mark.parametrize(
    "raw", ["张三", "莲塘社区3组", "V530622-20261120-0001", "**************1234", "O'Neil", "A=1", "第5栋-2单元"]
)
def test_plain_words_stay_as_they_are(connection: duckdb.DuckDBPyConnection, raw: str) -> None:
    assert cell(connection, raw) == raw


@pytest.mark.parametrize(
    "raw", ["甲\r\n乙", "甲\n乙", "甲\r乙", "甲\t乙", "甲\u2028乙", "甲\x85乙", "甲\x0b\x0c乙", "甲\x00乙"]
)
def test_no_line_breaks_in_a_cell(connection: duckdb.DuckDBPyConnection, raw: str) -> None:
    assert cell(connection, raw) == "甲 乙"


def test_quotes_and_commas_stay_inside_their_cell(connection: duckdb.DuckDBPyConnection) -> None:
    assert cell(connection, '甲","=1+1') == '甲","=1+1'


def test_nothing_is_an_empty_cell(connection: duckdb.DuckDBPyConnection) -> None:
    assert cell(connection, None) == ""


@pytest.mark.parametrize("raw", ["字" * 100_000, "𠀀" * 100_000, "=" * 100_000])
def test_a_cell_fits_the_limit_of_excel(connection: duckdb.DuckDBPyConnection, raw: str) -> None:
    shown = cell(connection, raw)
    assert 10_000 < len(shown) <= 32_000
    assert len(shown.encode("utf-16-le")) // 2 <= 32_767


def test_a_file_of_rows_guards_its_texts_and_leaves_numbers_dates_and_empty_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "_ROWS_AT_ONCE", 3)
    header = ("名称", "=n", "day", "none")
    rows = [("＝1+1", -2, date(2026, 11, 20), None), ('a"b,c\nd', Decimal("-1.50"), None, ""), ("530622101", True, None, "x")]
    made = csv_file(header, rows)
    assert made.startswith("\ufeff".encode())
    assert made.count(b"\r\n") == 4
    read = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
    assert read[0] == ["名称", "'=n", "day", "none"]
    assert read[1:] == [
        ["'＝1+1", "-2", "2026-11-20", ""],
        ['a"b,c d', "-1.50", "", ""],
        ["'530622101", "True", "", "x"],
    ]
    assert csv_file(("a",), []) == '\ufeff"a"\r\n'.encode()
