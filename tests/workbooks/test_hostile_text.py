"""Whatever a department writes into a name or an address stays text: in cells, in names of sheets, in HTML, in the form."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from paper_nights import DAY, night_of, rows_of

from monitor.workbooks import write_paper
from monitor.workbooks.sheet_names import SheetNames

ATTACKS = {
    "formula": ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
    "link": ("http://example.invalid/x", "http://example.invalid/x"),
    "control characters": ("甲\x00\x07\x1b\r\n乙", "甲 乙"),
    "rich text": ("<r><t>x</t></r></is></c>", " <r><t>x</t></r></is></c>"),
    "rich text of a whole cell": ("<r><t>x</t></r>", " <r><t>x</t></r>"),
    "an escape of the format": ("_x0041_", "_x0041_"),
    "turned reading direction": ("甲\u202eDCBA", "甲DCBA"),
    "right to left": ("ئۇيغۇر", "ئۇيغۇر"),
    "emoji": ("👩‍👩‍👧 家", "👩‍👩‍👧 家"),
    "not allowed in XML": ("甲\ufffe\uffff乙", "甲乙"),
    "markup": ("</td><script>alert(1)</script>&amp;", "</td><script>alert(1)</script>&amp;"),
    "digits": ("1.38E+10", "1.38E+10"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_cell_shows_it_as_text(tmp_path: Path, attack: str) -> None:
    text, shown = ATTACKS[attack]
    write_paper(night_of(rows_of({"户主": text, "住址": text, "村（居）": text})), tmp_path, DAY)
    sheet = openpyxl.load_workbook(tmp_path / "530622/530622001.xlsx").worksheets[1]
    for letter in "FGJ":
        assert sheet[f"{letter}2"].value == shown
        assert sheet[f"{letter}2"].data_type == "s"
        assert sheet[f"{letter}2"].hyperlink is None


@pytest.mark.parametrize("attack", ATTACKS)
def test_html_and_form_show_it_as_text(tmp_path: Path, attack: str) -> None:
    text, shown = ATTACKS[attack]
    write_paper(night_of(rows_of({"户主": text, "原因": text})), tmp_path, DAY)
    html = (tmp_path / "530622/530622001_入户单.html").read_text(encoding="utf-8")
    assert "<script" not in html
    write_paper(night_of(rows_of({})), tmp_path / "plain", DAY)
    plain = (tmp_path / "plain/530622/530622001_入户单.html").read_text(encoding="utf-8")
    assert html.count("<") == plain.count("<")  # no tag more than in the sheet of anybody
    assert html.count("</section>") == 1
    with open(tmp_path / "530622/forms/cases.csv", encoding="utf-8", newline="") as handle:
        (case,) = csv.DictReader(handle)
    assert case["head"] == f"户主：{shown.lstrip() if text.startswith('<r>') else shown}，2人"
    assert case["reasons"][:6] == "为什么走访："


def test_ten_thousand_characters_stay_whole_in_the_cell_and_are_cut_on_the_visit_sheet(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({"原因": "因" * 10_000})), tmp_path, DAY)
    sheet = openpyxl.load_workbook(tmp_path / "530622/530622001.xlsx")["莲塘社区"]
    assert sheet["L2"].value == "因" * 10_000
    html = (tmp_path / "530622/530622001_入户单.html").read_text(encoding="utf-8")
    assert "因……（全文见清单）" in html
    assert html.count("因") < 500


def test_villages_of_one_name_or_of_none_have_sheets_of_their_own(tmp_path: Path) -> None:
    rows = rows_of(*({"village_code": f"53062200100{n}", "村（居）": "[新/村]:*?'\\"} for n in range(3)))
    write_paper(night_of(rows), tmp_path, DAY)
    book = openpyxl.load_workbook(tmp_path / "530622/530622001.xlsx")
    assert book.sheetnames == ["封面", "新 村", "新 村 2", "新 村 3"]


@pytest.mark.parametrize(
    "wanted", ["", "   ", "'", "History", "封面", "村" * 40, "👩" * 40, "A", "a", "=1+1", "甲\x00\ufffe乙"]
)
def test_names_of_sheets_are_allowed_and_never_twice_the_same(wanted: str) -> None:
    names = SheetNames()
    taken = [names.take(name) for name in ("封面", wanted, wanted.upper(), wanted)]
    assert len({name.casefold() for name in taken}) == 4
    for name in taken:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\'\x00\ufffe")
        assert name.casefold() != "history"


def test_an_ampersand_in_a_place_does_not_command_the_page_header(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({"村（居）": "&P&D" + "长" * 300})), tmp_path, DAY)
    raw = openpyxl.load_workbook(tmp_path / "530622/530622001.xlsx").worksheets[1].oddHeader.center.text
    assert raw.startswith("&&P&&D")
    assert len(raw) < 100
