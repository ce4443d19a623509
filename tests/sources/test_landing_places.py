"""Where the cells of a workbook stand: its reader begins with the first filled column, everybody else with A."""

from __future__ import annotations

import io
import zipfile

import duckdb
import fastexcel
import pytest
import xlsxwriter
from landing_inbox import Inbox, made_up_id

from monitor.sources import rows_file, workbooks
from monitor.sources.refusal import RefusalError
from monitor.sources.workbooks import open_workbook

NAME = "nhc_elder_ability_20261001"
HEADER = ["身份证号", "评估总分", "能力等级", "评估日期"]
SPREADSHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
)
# what may stand in A3 and A4: whether the reader takes the cell for one, none of them may move the others
EDGES = {
    "nothing": "",
    "a colour": '<c r="A{n}" s="1"/>',
    "an empty value": '<c r="A{n}"><v></v></c>',
    "a value closed at once": '<c r="A{n}"><v/></c>',
    "an empty shared text": '<c r="A{n}" t="s"><v></v></c>',
    "an empty fault": '<c r="A{n}" t="e"><v></v></c>',
    "a fault": '<c r="A{n}" t="e"><v>#REF!</v></c>',
    "an empty text": '<c r="A{n}" t="str"><v></v></c>',
    "an empty date": '<c r="A{n}" t="d"><v></v></c>',
    "a formula that gives nothing": '<c r="A{n}" t="str"><f>""</f><v></v></c>',
    "a formula that was never computed": '<c r="A{n}"><f>B{n}</f></c>',
    "an empty inline text": '<c r="A{n}" t="inlineStr"><is><t></t></is></c>',
    "an inline text without any": '<c r="A{n}" t="inlineStr"><is/></c>',
    "an inline text that is a value": '<c r="A{n}" t="inlineStr"><v>1</v></c>',
    "a text": '<c r="A{n}" t="inlineStr"><is><t>甲</t></is></c>',
}


def sheet(rows: str) -> bytes:
    """A workbook of one sheet with these rows."""
    made, changed = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        book.add_worksheet().write(0, 0, 1)
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, SPREADSHEET % rows.encode() if name == "xl/worksheets/sheet1.xml" else content)
    return changed.getvalue()


def people(edge: str, *, numbers: bool = True) -> str:
    """A header in B2 and two rows: an ID stored as a number that is valid with its lost digits, too, and a good one."""
    titles = "".join(f'<c r="{c}2" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in zip("BCDE", HEADER, strict=True))
    lost = next(int(one) for n in range(1000) if not (one := made_up_id(n)).endswith("X") and int(float(one)) == int(one))
    rest = '<c r="C{n}"><v>12</v></c><c r="E{n}" t="inlineStr"><is><t>2026-01-03</t></is></c>'
    first = f"<v>{lost}</v>" if numbers else f"<is><t>{made_up_id(2)}</t></is>"
    kind = "" if numbers else ' t="inlineStr"'
    return (
        f'<row r="2">{titles}</row>'
        f'<row r="3">{edge.format(n=3)}<c r="B3"{kind}>{first}</c>{rest.format(n=3)}</row>'
        f'<row r="4">{edge.format(n=4)}<c r="B4" t="inlineStr"><is><t>{made_up_id(1)}</t></is></c>{rest.format(n=4)}</row>'
    )


@pytest.mark.parametrize("comment", ["", "<!-- -->"], ids=["plain", "parsed"])
@pytest.mark.parametrize("edge", EDGES.values(), ids=EDGES.keys())
def test_a_number_that_lost_digits_is_no_id_wherever_the_table_begins(inbox: Inbox, edge: str, comment: str) -> None:
    inbox.put(f"{NAME}.xlsx", sheet(comment + people(edge)))
    (landed,) = inbox.landed()
    assert (landed.fault, landed.readable, landed.reasons) == ("", 1, {"bad_id:id_no": 1})
    assert [row for row, _, _ in inbox.quarantine(landed)] == [3]
    found = duckdb.execute("select score, _row from read_parquet(?)", [str(rows_file(inbox.night, landed))]).fetchall()
    assert found == [(12, 4)]


def test_places_of_columns_are_told_as_the_spreadsheet_counts_them(inbox: Inbox) -> None:
    titles = "".join(
        f'<c r="{c}1" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in zip("CDEFG", [*HEADER, "备注"], strict=True)
    )
    cells = f'<c r="C2" t="inlineStr"><is><t>{made_up_id(1)}</t></is></c><c r="D2"><v>1</v></c>'
    day = '<c r="F2" t="inlineStr"><is><t>2026-01-03</t></is></c>'
    inbox.put(f"{NAME}.xlsx", sheet(f'<row r="1">{titles}</row><row r="2">{cells}{day}</row>'))
    (landed,) = inbox.landed()
    assert (landed.readable, landed.extra) == (1, (7,))


@pytest.mark.parametrize(
    "change",
    [
        {(2, 2): 9e17},
        {(2, 1): 9e17},
        {(99, 1): 9e17},
    ],
    ids=["of another cell", "of another value", "below the last row"],
)
def test_a_scan_and_a_reader_that_see_different_numbers_refuse_the_workbook(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, change: dict[tuple[int, int], float]
) -> None:
    path = inbox.put(f"{NAME}.xlsx", sheet(people("")))
    scans = workbooks.inspect_workbook(path)
    for scan in scans.values():
        scan.long_numbers = change
    monkeypatch.setattr(workbooks, "inspect_workbook", lambda path: scans)
    with pytest.raises(RefusalError, match="读不出来"):
        open_workbook(path, lambda header: "身份证号" in header)


def test_a_sheet_that_the_reader_sees_otherwise_is_refused(inbox: Inbox) -> None:
    """It leaves out what stands in CDATA, so its table begins elsewhere."""
    inbox.put(f"{NAME}.xlsx", sheet(people('<c r="A{n}"><v><![CDATA[甲]]></v></c>')))
    assert "读不出来" in inbox.landed()[0].fault


def test_a_long_number_in_the_form_of_a_date_is_no_value(inbox: Inbox) -> None:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        written = book.add_worksheet()
        written.write_row(0, 0, HEADER)
        written.write_row(1, 0, [made_up_id(1), 12, "", "2026-01-03"])
        written.write_row(2, 0, [made_up_id(2), 12, ""])
        written.write_number(2, 3, 990101198001010011, day)
    inbox.put(f"{NAME}.xlsx", made.getvalue())
    (landed,) = inbox.landed()
    assert (landed.readable, landed.reasons) == (1, {"bad_date:assessed_on": 1})


def test_a_reader_that_panics_refuses_that_file_alone(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def panics(*given: object, **named: object) -> None:
        raise PanicException("byte index 1 is not a char boundary")

    inbox.put(f"{NAME}.xlsx", sheet(people("")))
    inbox.put("nhc_elder_ability_20261002.csv", f"{','.join(HEADER)}\n{made_up_id(1)},55,,2026-01-03\n")
    monkeypatch.setattr(workbooks, "cells_of", panics)
    assert [("读不出来" in landed.fault, landed.readable) for landed in inbox.landed()] == [(True, 0), (False, 1)]
    monkeypatch.setattr(workbooks, "cells_of", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        open_workbook(inbox.folder / f"{NAME}.xlsx", lambda header: True)


def test_a_file_that_another_file_of_the_workbook_hides_is_refused(inbox: Inbox) -> None:
    """The reader looks for names in large and small letters alike, so it might read the one that was not looked at."""
    content = io.BytesIO(sheet(people("", numbers=False)))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/worksheets/SHEET1.xml", SPREADSHEET % people("").encode())
    inbox.put(f"{NAME}.xlsx", content.getvalue())
    assert "不是完好的" in inbox.landed()[0].fault


def several(sheets: dict[str, list[list[object]]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        for title, rows in sheets.items():
            written = book.add_worksheet(title)
            for at, row in enumerate(rows):
                written.write_row(at, 0, row)
    return made.getvalue()


def test_further_sheets_of_the_same_header_are_told(inbox: Inbox) -> None:
    row = [made_up_id(1), 55, "", "2026-01-03"]
    template, second = [HEADER], [["标题"], HEADER[::-1], row[::-1]]
    sheets = {
        "说明": [["填表说明"]],
        "一": [HEADER, row],
        "二": second,
        "三": [HEADER, row],
        "空表": template,
        "其他": [["甲"], [1]],
    }
    inbox.put(f"{NAME}.xlsx", several(sheets))
    inbox.put("nhc_elder_ability_20261002.xlsx", several({"一": [HEADER, row], "空表": template}))
    judged = inbox.judged()
    assert [(one.rows_read, one.sheet, one.unread_sheets) for one in judged.landed] == [(1, 2, 2), (1, 1, 0)]
    (told,) = (remark for _, _, remark in judged.rows("from deliveries.remark"))
    assert "另有2个工作表的表头与第2个工作表一样符合约定,没有读取" in told
    assert "请合并到一个工作表" in told


def test_a_further_sheet_that_cannot_be_read_changes_nothing(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    load = workbooks._load

    def broken(book: fastexcel.ExcelReader, title: str, most_rows: int | None = None) -> object:
        if most_rows:
            raise fastexcel.FastExcelError("broken")
        return load(book, title, most_rows)

    rows = [HEADER, [made_up_id(1), 55, "", "2026-01-03"]]
    inbox.put(f"{NAME}.xlsx", several({"一": rows, "二": rows}))
    monkeypatch.setattr(workbooks, "_load", broken)
    (landed,) = inbox.landed()
    assert (landed.fault, landed.readable, landed.unread_sheets) == ("", 1, 0)
