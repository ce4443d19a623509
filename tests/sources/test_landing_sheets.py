"""Workbooks written to harm: however its XML is spelled, a far cell is found before the reader may hold all before it."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from landing_inbox import Inbox, made_up_id

from monitor.sources.refusal import RefusalError
from monitor.sources.sheet_scan import SheetScan

NAME = "nhc_elder_ability_20261001"
HEADER = ["身份证号", "评估总分", "能力等级", "评估日期"]
LONG = 990101198001010011
BOUND = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def book(change: Callable[[bytes], bytes], member: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A good workbook of five people, with one of its files changed."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as written:
        sheet = written.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for row in range(1, 6):
            sheet.write_row(row, 0, [made_up_id(row), 50 + row, "", "2026-01-03"])
    changed = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            after = change(content) if name == member else content
            assert name != member or after != content
            target.writestr(name, after)
    return changed.getvalue()


FAR = {
    "single quotes": (b'<c r="B3"', b"<c r='XFD1048576'"),
    "another attribute first": (b'<c r="B3"', b'<c s="0" r="XFD1048576"'),
    "two blanks": (b'<c r="B3"', b'<c  r="XFD1048576"'),
    "a line break": (b'<c r="B3"', b'<c\nr="XFD1048576"'),
    "a sign as a number": (b'<c r="B3"', b'<c r="&#88;FD1048576"'),
    "a row of eight digits": (b'<c r="B3"', b'<c r="B10485760"'),
    "a row beyond the last": (b'<c r="B3"', b'<c r="B1048577"'),
    "a column of six letters": (b'<c r="B3"', b'<c r="ZZZZZZ3"'),
    "a column beyond the last": (b'<c r="B3"', b'<c r="XFE3"'),
    "a cell of another row": (b'<c r="B3"', b'<c r="B5"'),
    "a row before the last": (b'<row r="4"', b'<row r="2"'),
    "a row that is no number": (b'<row r="4"', b'<row r="x"'),
    "cells in another order": (b'<c r="A3"', b'<c r="D3"'),
    "small letters": (b'<c r="B3"', b'<c r="xfd3"'),
    "a far column": (b'<c r="B3"', b'<c r="XFD3"'),
    "a far row": (b'<c r="B6"', b'<c r="ZZ1048576"'),
    "an entity": (b"<worksheet", b'<!DOCTYPE a [<!ENTITY e "1">]><worksheet'),
}


@pytest.mark.parametrize(("old", "new"), FAR.values(), ids=FAR.keys())
def test_a_far_cell_refuses_the_workbook_at_once(inbox: Inbox, old: bytes, new: bytes) -> None:
    inbox.put(f"{NAME}.xlsx", book(lambda content: content.replace(old, new)))
    start = time.process_time()
    (landed,) = inbox.landed()
    assert landed.fault
    assert landed.rows_read == 0
    assert time.process_time() - start < 5


def test_a_far_coloured_cell_without_a_value_does_no_harm(inbox: Inbox) -> None:
    inbox.put(f"{NAME}.xlsx", book(lambda content: content.replace(b"</row>", b'<c r="XFD1" s="0"/></row>', 1)))
    assert (inbox.landed()[0].fault, inbox.landed()[0].readable) == ("", 5)


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_document_types_are_refused_in_every_part_that_names_sheets(inbox: Inbox, member: str) -> None:
    inbox.put(f"{NAME}.xlsx", book(lambda x: x.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY e "1">]>', 1), member))
    assert "不允许的声明" in inbox.landed()[0].fault


def test_a_sheet_that_lies_elsewhere_is_looked_at_too(inbox: Inbox) -> None:
    far = book(lambda content: content.replace(b'<c r="D3"', b'<c r="XFD3"'))
    moved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(far)) as source, zipfile.ZipFile(moved, "w") as target:
        for name in source.namelist():
            content = source.read(name).replace(b"worksheets/sheet1.xml", b"elsewhere/one.xml")
            target.writestr(name.replace("worksheets/sheet1.xml", "elsewhere/one.xml"), content)
    inbox.put(f"{NAME}.xlsx", moved.getvalue())
    assert "超出可读范围" in inbox.landed()[0].fault


@pytest.mark.parametrize("cell", [b"<c r='A3'>", b'<c s="0" r="A3">', b'<c  r="A3" t="n">', b"<c>"])
def test_a_number_that_lost_digits_is_found_however_it_is_written(inbox: Inbox, cell: bytes) -> None:
    def change(content: bytes) -> bytes:
        start = content.index(b'<c r="A3"')
        end = content.index(b"</c>", start)
        return content[:start] + cell + b"<v>%d</v>" % LONG + content[end:]

    inbox.put(f"{NAME}.xlsx", book(change))
    (landed,) = inbox.landed()
    assert (landed.readable, landed.reasons) == (4, {"bad_id:id_no": 1})


def scanned(cells: bytes, step: int) -> list[tuple[int, int]]:
    content = BOUND + cells + b"</sheetData></worksheet>"
    scan = SheetScan()
    for at in range(0, len(content), step):
        scan.feed(content[at : at + step])
    scan.finish()
    return list(scan.long_numbers)


@pytest.mark.parametrize("step", [1, 7, 1000])
def test_what_counts_as_a_number_of_lost_digits(step: int) -> None:
    cells = (
        b'<row r="2"><c r="A2"><v>990101198001010011</v></c><c r="B2" t="s"><v>990101198001010011</v></c>'
        b'<c r="C2"><v>9.9010119800101E+17</v></c><c><v>123456789012345</v></c><c><v>0.30000000000000004</v></c>'
        b'<c t="inlineStr"><is><t>990101198001010011</t></is></c></row>'
        b"<row><c><f>A2</f><v>1234567890123456</v></c></row>"
    )
    assert scanned(cells, step) == [(1, 0), (1, 2), (2, 0)]


def test_a_used_rectangle_must_be_explained_by_its_cells() -> None:
    assert scanned(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="A900000"><v>1</v></c></row>', 1000) == []
    with pytest.raises(RefusalError, match="超出可读范围"):
        scanned(b'<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="B900000"><v>1</v></c></row>', 1000)


def test_nested_and_binary_columns_of_a_parquet_file_hold_no_readable_cell(inbox: Inbox) -> None:
    people = [made_up_id(n) for n in range(10)]
    good = {
        "id_no": people,
        "payer_no": ["甲"] * 10,
        "tax_month": ["202601"] * 10,
        "tax_item": ["工资薪金"] * 10,
        "amount": [1] * 10,
    }
    odd = {
        "payer_no": ([{"a": 1}] * 10, "missing:payer_no"),
        "amount": ([[1]] * 10, "bad_number:amount"),
        "tax_month": ([b"202601"] * 10, "bad_date:tax_month"),
        "id_no": ([p.encode() for p in people], "bad_id:id_no"),
    }
    for day, (name, (cells, _)) in enumerate(odd.items(), start=1):
        content = io.BytesIO()
        pq.write_table(pa.table(good | {name: cells}), content)
        inbox.put(f"sta_income_202610{day:02d}.parquet", content.getvalue())
    assert [landed.reasons for landed in inbox.landed()] == [{reason: 10} for _, reason in odd.values()]
