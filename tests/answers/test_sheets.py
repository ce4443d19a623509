"""A returned workbook as tables of text: places are those of the spreadsheet, also where its first columns are empty."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from monitor.answers.rows import known_rows
from monitor.answers.sheets import read_returned
from monitor.sources import workbooks
from monitor.sources.refusal import RefusalError

HEADER = ["核验码", "姓名", "核查结果", "核查日期"]
CODE = "V530622-20261101-0001.ABCDEF.0123456789"


def returned(path: Path, first: int) -> Path:
    """A list that begins in this column: a plain row, an answer by formula, a merged answer, what the merge hides."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, first, HEADER)
        for row in range(1, 5):
            sheet.write_row(row, first, [CODE, "甲", "查无此人或外出", "2026-11-02"])
        sheet.write_formula(2, first + 2, '="属实"&"-已纳入"', None, "属实-已纳入")
        sheet.merge_range(3, first + 2, 4, first + 2, "本人不愿")
    return path


@pytest.mark.parametrize("first", [0, 1, 3])
def test_formulas_and_merges_are_found_wherever_the_table_begins(tmp_path: Path, first: int) -> None:
    (table,) = read_returned(returned(tmp_path / "名单.xlsx", first), tmp_path).tables
    assert table.formulas == {(2, first + 2)}
    assert table.covered == {(4, first + 2)}
    assert [table.cells[row, column] for row, column in sorted(table.formulas)] == ["属实-已纳入"]
    rows, _ = known_rows((table,))
    assert rows["row"].to_list() == [2, 3, 4, 5]
    assert rows["is_formula"].to_list() == [False, True, False, False]
    assert rows["is_covered"].to_list() == [False, False, False, True]


def test_a_sheet_without_anything_is_an_empty_table(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "空.xlsx") as book:
        book.add_worksheet()
    (table,) = read_returned(tmp_path / "空.xlsx", tmp_path).tables
    assert table.cells.is_empty()
    assert known_rows((table,))[0].is_empty()


def test_a_list_that_its_reader_sees_otherwise_is_refused(tmp_path: Path) -> None:
    """Else a formula would be looked for beside the cell that holds it."""
    path, changed = returned(tmp_path / "名单.xlsx", 1), tmp_path / "改.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b'<c r="B2"', b'<c r="A2"><v><![CDATA[1]]></v></c><c r="B2"', 1)
            target.writestr(name, content)
    with pytest.raises(RefusalError, match="读不出来"):
        read_returned(changed, tmp_path)


def test_a_reader_that_panics_refuses_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panics(*given: object) -> None:
        raise PanicException("called `Option::unwrap()` on a `None` value")

    path = returned(tmp_path / "名单.xlsx", 0)
    monkeypatch.setattr(workbooks, "_load", panics)
    with pytest.raises(RefusalError, match="读不出来"):
        read_returned(path, tmp_path)


def test_a_list_whose_names_inside_are_no_utf8_is_refused(tmp_path: Path) -> None:
    content = returned(tmp_path / "名单.xlsx", 0).read_bytes()
    at = content.rindex(b"PK\x01\x02")
    (tmp_path / "坏.xlsx").write_bytes(
        content[: at + 8] + b"\x00\x08" + content[at + 10 : at + 46] + b"\xff" + content[at + 47 :]
    )
    with pytest.raises(RefusalError, match="不是完好"):
        read_returned(tmp_path / "坏.xlsx", tmp_path)
    assert zipfile.is_zipfile(io.BytesIO(content))
