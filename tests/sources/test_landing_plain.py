"""What is read in a short way is read as the careful way would have read it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from landing_inbox import made_up_id

from monitor.contracts import Column, codes
from monitor.settings import Settings
from monitor.sources import cells, doubled, sheet_scan
from monitor.sources.cells import Reading, repaired
from monitor.sources.doubled import doubled_hashes
from monitor.sources.plain_rows import plain_rows
from monitor.sources.sheet_scan import SheetScan
from monitor.store import connect

KINDS = ["id", "text", "date", "month", "money", "num", "int", "bool", "village", "code:benefit", "code:dwelling_grade"]
SEEDS = [
    *(made_up_id(number, birth) for number in range(60) for birth in ("19800131", "20000229", "20240730")),
    made_up_id(1, "19000229"), made_up_id(1, "19991301"), made_up_id(1, "00000101"), made_up_id(1)[:17] + "x",
    "990101198001013", "9901011980010101e2", "990101198001010.e2", "99010119800101e20X"[:18], "0x1234567890123456",
    "2026-01-31", "2026-02-30", "20260131", "2026/1/3", "2026年1月31日", "infinity", "-infinity", "12345-01-01", "0000-01-01",
    "2026-1-031", "0001-01-01 (BC)", "202609", "202613", "2026-09", "0x1234", "2026e2", "99.9e4", "1e5", "1_000", "0", "-0",
    "88.00", "-0.00", "0.5", "+7", "1,234.50", "12元", "1.2万元", "99999999999999.99", "999999999999999999.99", "7.0", "7.5",
    "530622100201", "53062210020", "5306221002e1", "是", "否", "Y", "n", "1", "true", "男", "elder_age", "高龄津贴", "A级",
    "D", "-", "无", "NULL", "N/A", "", "张三", "阿依·买买提", "'1",
]  # fmt: skip
SIGNS = " \t'0123456789.eExX-+/_,元年　０１Ａ（，是无nN\u00a0\ufeff"


def dirty(rng: random.Random) -> str:
    """A seed, mostly with a sign or two put in, dropped or changed."""
    text = rng.choice(SEEDS)
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        at = rng.randrange(len(text) + 1)
        text = text[:at] + rng.choice((rng.choice(SIGNS), "")) + text[at + rng.choice((0, 1)) :]
    return text


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(None, Settings(home=tmp_path, threads=1, memory_limit_mb=512)) as opened:
        yield opened


@pytest.mark.parametrize("workbook", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_a_quick_reading_gives_what_the_careful_one_gives(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, kind: str, workbook: bool
) -> None:
    rng = random.Random(f"{kind} {workbook}")
    connection.register("raw", pa.table({"r0": pa.array([*SEEDS, None, *(dirty(rng) for _ in range(20_000))], pa.string())}))
    column = Column(name="a", header="甲", type=kind)

    def read() -> list[tuple[Any, ...]]:
        reading = Reading()
        reading.add(column, "r0", None, workbook)
        return connection.execute(f"select r0, v_a, p_a from {reading.select('raw')}").fetchall()

    quickly = read()
    monkeypatch.setattr(cells, "quick", lambda column, raw: [])
    assert quickly == read()
    assert any(value is not None for _, value, _ in quickly)


def test_no_code_and_no_label_needs_a_repair(connection: duckdb.DuckDBPyConnection) -> None:
    words = sorted({word for listed in codes().values() for pair in listed.items() for word in pair})
    connection.register("word", pa.table({"word": pa.array(words, pa.string())}))
    assert connection.execute(f"select word from word where {repaired('word')} is distinct from word").fetchall() == []


PLAIN = (
    '<row r="2"><c r="A2" t="inlineStr"><is><t xml:space="preserve">a&amp;b</t></is></c><c r="C2" s="1"><v>1.5</v></c></row>'
)
ODD_PARTS = [
    '<row r="{n}" spans="1:3" ht="15"><c r="B{n}" t="s"><v>0</v></c><c r="D{n}"/></row>',
    '<row r="{n}"><c r="A{n}" t="s"><v></v></c><c r="B{n}" t="str"><v></v></c></row>',
    '<row r="{n}"><c r="A{n}"><v/></c></row>',
    '<row r="{n}"></row>', '<row r="{n}"/>', "<row><c><v>1</v></c><c><v>1234567890123456</v></c></row>",
    '<row r="{n}"><c r="A{n}"><v>1234567890123456</v></c><c r="AB{n}"><v>1E20</v></c></row>',
    '<row r="{n}"><c r="B{n}"><v>1</v></c><c r="A{n}"><v>1</v></c></row>', '<row r="{n}"><c r="A9{n}"><v>1</v></c></row>',
    '<row r="1"><c r="A1"><v>1</v></c></row>', '<row r="1048577"/>', '<row r="{n}"><c r="XFE{n}"><v>1</v></c></row>',
    '<!-- <row r="{n}"> --><row r="{n}"><c r="A{n}"><v>1</v></c></row>', '<!-- </row>',
    '<row r="{n}"><c r="A{n}" r="B{n}"/></row>',
    '<row r="{n}"><c r="A{n}" t="str"><v>&nbsp;</v></c></row>', '<row r="{n}"><c r="A{n}" t="str"><v>\x01</v></c></row>',
    '<row r="{n}"><c r="A{n}"><f>1+1</f><v>2</v></c></row>', '<row r="{n}"><c r="A{n}" t="n"><v>-12.5</v></c></row>', "\n",
    '<row r="{n}"><c r="ZZ{n}"><v>999999999999999</v></c></row>', '<row r="{n}"><c r="A{n}"><v>99999999999999.9</v></c></row>',
]  # fmt: skip
ORDINARY = '<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>甲</t></is></c><c r="B{n}"><v>12</v></c></row>'


def scanned(content: bytes, block: int) -> tuple[Any, ...]:
    """What a scan finds, or how it ends."""
    scan = SheetScan()
    try:
        for at in range(0, len(content), block):
            scan.feed(content[at : at + block])
        scan.finish()
    except Exception as error:
        return (type(error).__name__,)
    return scan.cells, scan.places, scan.columns_read, scan.long_numbers


@pytest.mark.parametrize("seed", range(150))
def test_rows_that_are_not_parsed_are_counted_as_the_parser_counts(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    rows = [(rng.choice(ODD_PARTS) if rng.random() < 0.08 else ORDINARY).format(n=number) for number in range(1, 40)]
    head = '<?xml version="1.0"?><worksheet xmlns="x">' + rng.choice(("", "", "<!-- -->", "<cols/>"))
    content = f"{head}<sheetData>{''.join(rows)}</sheetData>{rng.choice(('', '', '<drawing/>', '<row>'))}</worksheet>".encode()
    block = rng.choice((50, 333, 5000))
    found = scanned(content, block)
    monkeypatch.setattr(sheet_scan, "plain_rows", lambda rows: None)
    assert found == scanned(content, block)


def test_an_ordinary_row_is_not_parsed_and_an_odd_one_is() -> None:
    plain = plain_rows(PLAIN.encode())
    assert plain is not None
    assert (plain.first_row, plain.last_row, plain.end_column, plain.cells, plain.last_filled_column) == (2, 2, 3, 2, 3)
    assert plain_rows(PLAIN.replace("C2", "C3").encode()) is None
    assert plain_rows(PLAIN.replace("1.5", "1234567890123456").encode()) is None
    assert plain_rows(PLAIN.encode("utf-16")) is None


@pytest.mark.parametrize("at_once", [1, 7, 100, 10_000])
def test_doubled_hashes_are_the_same_in_any_number_of_shares(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, at_once: int
) -> None:
    monkeypatch.setattr(doubled, "HASHES_AT_ONCE", at_once)
    once = np.random.default_rng(7).integers(0, 2**64, 300, dtype=np.uint64)
    extremes = np.array([0, 2**64 - 1, 0, 2**64 - 1, 2**63, 2**63], dtype=np.uint64)
    connection.register("given", pa.table({"h": np.concatenate([once, once[::3], extremes, once[::3]])}))
    found = doubled_hashes(connection, "select h from given", 506, tmp_path / "keys")
    assert found.tolist() == sorted({*once[::3].tolist(), 0, 2**64 - 1, 2**63})
    assert not any((tmp_path / "keys").glob("*"))
