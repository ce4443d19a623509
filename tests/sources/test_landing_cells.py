"""What a cell says once it is read: (written, value) by column type; `BAD` cannot be read, None is empty."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from landing_inbox import made_up_id

from monitor.contracts import Column
from monitor.sources.cells import Reading

BAD = "BAD"
ID = made_up_id(7)
WITH_X = next(found for number in range(100) if (found := made_up_id(number)).endswith("X"))
OLD = "990101" + "800101" + "007"
OLD_REPAIRED = made_up_id(7)


def written_out(key: int) -> str:
    return f"{key >> 4:017}" + "0123456789X"[key & 15]


def read(kind: str, written: Any, *, native: str | None = None, workbook: bool = False) -> Any:
    reading = Reading()
    reading.add(Column(name="cell", header="列", type=kind), "r0", native, workbook)
    connection = duckdb.connect()
    connection.execute(f"create table t as select cast($1 as {native or 'varchar'}) as r0", [written])
    row = connection.execute(f"select p_cell, v_cell from {reading.select('t')}").fetchone()
    assert row is not None
    present, value = row
    if kind == "id" and value is not None:
        value = written_out(value)
    return BAD if present and value is None else value


TEXT = [
    ("  张三\u3000", "张三"), ("\u00a0张三\ufeff", "张三"), ("\u200b张三\t", "张三"), ("１２Ａｂ（）", "12Ab()"),
    ("'0012", "0012"),
    (" ' 0012", "0012"), ("＇0012", "0012"), ("''x", "'x"), ("O'Neil", "O'Neil"), ("-", None), ("－", None), ("无", None),
    (" NULL ", None), ("N/A", None), ("Ｎ／Ａ", None), ("'-", None), ("null", "null"), ("无业", "无业"), ("", None),
    (" \u3000 ", None),
    ("'", None), ("中 间", "中 间"),
]  # fmt: skip
IDS = [
    (ID, ID), (f" {ID}\u3000", ID), (f"'{ID}", ID), ("".join(chr(ord(c) + 0xFEE0) for c in ID), ID), (WITH_X.lower(), WITH_X),
    (OLD, OLD_REPAIRED), (ID[:-1] + ("1" if ID[-1] != "1" else "2"), BAD), ("5.30622E+17", BAD), (ID[:6] + " " + ID[6:], BAD),
    (made_up_id(7, "19800231"), BAD), (made_up_id(7, "19000229"), BAD), (made_up_id(7, "20000229"), made_up_id(7, "20000229")),
    (made_up_id(7, "19801301"), BAD), (made_up_id(7, "19800431"), BAD), (made_up_id(7, "00000101"), BAD),
    (ID[:17], BAD), (ID + "1", BAD),
    ("990101991332007", BAD), ("+" + ID[1:], BAD), ("12345678901234e03X", BAD), ("x" * 18, BAD), ("无", None), ("未知", BAD),
    ("长" * 18, BAD), (ID[:14] + "1_1" + ID[17], BAD),
]  # fmt: skip
DATES = [
    ("2026-01-31", date(2026, 1, 31)), ("20260131", date(2026, 1, 31)), ("2026/1/31", date(2026, 1, 31)),
    ("2026/01/31", date(2026, 1, 31)),
    ("2026年1月31日", date(2026, 1, 31)), ("2026年01月31日", date(2026, 1, 31)), ("２０２６－０１－３１", date(2026, 1, 31)),
    ("2026/1/3", date(2026, 1, 3)), ("2024-02-29", date(2024, 2, 29)), ("2026-02-29", BAD), ("20261301", BAD),
    ("2026-01-31 00:00:00", BAD),
    ("26-01-31", BAD), ("2026.1.31", BAD), ("2026-01/31", BAD), ("2026年1月", BAD), ("infinity", BAD),
    ("epoch", BAD), ("46053", BAD), ("0000/01/01", BAD), ("0000年1月1日", BAD), ("0000-01-01", BAD), ("00000101", BAD),
    ("0001/1/1", date(1, 1, 1)), ("9999年12月31日", date(9999, 12, 31)), ("2026-1-3x", BAD),
    ("abcdefgh", BAD), ("-", None),
]  # fmt: skip
MONTHS = [
    ("202601", date(2026, 1, 1)), ("2026-01", date(2026, 1, 1)), ("２０２６０１", date(2026, 1, 1)),
    ("202613", BAD), ("2026-1", BAD), ("2026-01-31", BAD),
    ("26-01", BAD), ("N/A", None),
]  # fmt: skip
MONEY = [
    ("12", "12.00"), ("12.5", "12.50"), ("1,234,567.89", "1234567.89"), ("1，234.5", "1234.50"),
    ("100元", "100.00"), ("100 元", "100.00"), ("1.2万元", "12000.00"),
    ("1.234567万元", "12345.67"), ("1,000万元", "10000000.00"), ("0.005", "0.01"), ("0.0049999", "0.00"),
    ("1.115", "1.12"), ("-3.5", "-3.50"),
    ("0.285", "0.29"), ("1,23", BAD), ("1e3", BAD), ("1_000", BAD), ("元", BAD), ("12万", BAD), ("一百", BAD),
    ("12元整", BAD), ("¥12", BAD), ("99999999999999999", BAD),
    ("9999999999999999万元", BAD), ("nan", BAD), ("无", None), ("999999999999.99", "999999999999.99"),
    ("1000000000000", BAD), ("-1000000000000.00", BAD), ("100000000万元", BAD), ("99999999.99万元", "999999999900.00"),
]  # fmt: skip
NUMBERS = [
    ("86.5", "86.5000"),
    ("1.00005", "1.0001"),
    ("-2", "-2.0000"),
    ("1 2", BAD),
    ("1e3", BAD),
    ("0x1F", BAD),
    ("inf", BAD),
]
INTS = [
    ("12", 12),
    ("-3", -3),
    ("012", 12),
    ("2026.0", 2026),
    ("2.5", BAD),
    ("1e3", BAD),
    ("1_000", BAD),
    ("十", BAD),
    ("99999999999", BAD),
    ("７", 7),
]
BOOLS = [
    ("是", True),
    ("否", False),
    ("1", True),
    ("0", False),
    ("Y", True),
    ("N", False),
    ("Ｙ", True),
    ("真", BAD),
    ("true", BAD),
    ("无", None),
]
VILLAGES = [
    ("530622100200", "530622100200"),
    ("５３０６２２１００２００", "530622100200"),
    ("53062210020", BAD),
    ("5306221002000", BAD),
    ("53062210020a", BAD),
    ("+53062210020", BAD),
]
DAMAGE = [("无", "none"), ("none", "none"), (" 无\u3000", "none"), ("倒塌", "collapsed"), ("-", None), ("塌了", BAD)]
SEXES = [("男", "1"), ("2", "2"), ("２", "2"), ("无", None), ("M", BAD)]
GRADES = [("Ａ级", "A"), ("D", "D"), ("E级", BAD)]


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [
        (kind, written, expected)
        for kind, table in {
            "text": TEXT, "id": IDS, "date": DATES, "month": MONTHS, "int": INTS, "bool": BOOLS, "village": VILLAGES,
            "code:house_damage": DAMAGE, "code:sex": SEXES, "code:dwelling_grade": GRADES,
        }.items()
        for written, expected in table
    ],
    ids=lambda value: None,
)  # fmt: skip
def test_a_written_cell_has_one_reading(kind: str, written: str, expected: Any) -> None:
    assert read(kind, written) == expected


@pytest.mark.parametrize(
    ("kind", "written", "expected"),
    [("money", *pair) for pair in MONEY] + [("num", *pair) for pair in NUMBERS],
    ids=lambda value: None,
)
def test_amounts_are_exact_and_rounded_half_up(kind: str, written: str, expected: Any) -> None:
    value = read(kind, written)
    assert value == expected if expected in (BAD, None) else value == Decimal(expected) and str(value) == expected


@pytest.mark.parametrize(
    ("kind", "native", "written", "expected"),
    [
        ("date", "date", date(2026, 1, 31), date(2026, 1, 31)),
        ("date", "timestamp", "2026-01-31 10:00:00", date(2026, 1, 31)),
        ("date", "date", "0001-01-01 (BC)", BAD),
        ("date", "date", "10000-01-01", BAD),
        ("date", "date", "infinity", BAD),
        ("date", "timestamp", "-infinity", BAD),
        ("date", "timestamp", "9999-12-31 23:00:00", date(9999, 12, 31)),
        ("month", "date", "infinity", BAD),
        ("month", "timestamp", "10000-01-01 00:00:00", BAD),
        ("date", "varchar", "2026-01-31 00:00:00", date(2026, 1, 31)),
        ("month", "varchar", "2026-01-31 00:00:00", date(2026, 1, 1)),
        ("bool", "varchar", "true", True),
        ("date", "timestamp_ns", "2026-01-31 10:00:00", date(2026, 1, 31)),
        ("date", "integer", 20260131, date(2026, 1, 31)),
        ("month", "date", date(2026, 1, 31), date(2026, 1, 1)),
        ("month", "integer", 202601, date(2026, 1, 1)),
        ("money", "decimal(20,4)", Decimal("1.0050"), Decimal("1.01")),
        ("money", "double", 0.285, Decimal("0.29")),
        ("money", "double", float("nan"), BAD),
        ("money", "bigint", 7, Decimal("7.00")),
        ("int", "double", 2026.0, 2026),
        ("int", "bigint", 2**40, BAD),
        ("bool", "boolean", True, True),
        ("bool", "integer", 1, True),
        ("int", "double", float("nan"), BAD),
        ("code:sex", "bigint", 1, "1"),
        ("code:sex", "double", 2.0, "2"),
        ("village", "bigint", 530622100200, "530622100200"),
        ("id", "double", 990101198001010019.0, BAD),
        ("text", "bigint", 990, "990"),
        ("bool", "boolean", None, None),
    ],
)
def test_a_typed_column_is_read_by_its_type(kind: str, native: str, written: Any, expected: Any) -> None:
    assert read(kind, written, native=native.upper()) == expected


def test_the_key_of_an_id_is_its_17_digits_and_the_place_of_its_check_character() -> None:
    reading = Reading()
    reading.add(Column(name="cell", header="列", type="id"), "r0", None, False)
    connection = duckdb.connect()
    connection.execute("create table t as select unnest([$1, $2]) as r0", [ID, WITH_X.lower()])
    keys = [row[0] for row in connection.execute(f"select v_cell from {reading.select('t')}").fetchall()]
    assert keys == [int(i[:17]) * 16 + "0123456789X".index(i[17]) for i in (ID, WITH_X)]


def test_every_blank_and_every_full_width_sign_is_repaired() -> None:
    from monitor.sources.text_files import BLANKS

    for blank in BLANKS:
        assert read("text", f"{blank}x{blank}") == "x", hex(ord(blank))
    for code in range(0xFF01, 0xFF5F):
        assert read("text", f"x{chr(code)}x") == f"x{chr(code - 0xFEE0)}x"
