"""What a visitor carries: a page per household, or a telephone."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import numpy as np
import pyxform.xls2xform
import zxingcpp
from paper_nights import DAY, KEY, night_of, rows_of

from monitor.contracts import answers
from monitor.privacy import is_visit_code
from monitor.workbooks import write_paper

HTML = "530622/530622001_入户单.html"


def test_a_page_has_the_household_the_questions_the_answers_and_its_code(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({})), tmp_path, DAY)
    html = (tmp_path / HTML).read_text(encoding="utf-8")
    (page,) = re.findall(r'<section class="sheet">.*?</section>', html, re.S)
    for text in ("某人", "莲塘3组", "谁在治病？", "2026-11-25", "自付2.1万元", *answers().labels("visit")):
        assert text in page
    (code,) = re.findall(r"V530622-20261120-0001\.261120\.\w{10}", page)
    assert is_visit_code(KEY, code)
    (seen,) = zxingcpp.read_barcodes(photographed(page), zxingcpp.BarcodeFormat.QRCode)
    assert seen.text == code
    assert seen.ec_level == "Q"


def photographed(page: str) -> np.ndarray:
    """The only drawing of a page as grey pixels, sixteen for a module; it is drawn of boxes only."""
    size = int(re.search(r'<svg viewBox="-2 -2 (\d+) \1">', page)[1])
    (path,) = re.findall(r'<path d="([^"]+)"/>', page)
    boxes = re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)h-\3Z", path)
    assert "".join(f"M{x} {y}h{w}v{h}h-{w}Z" for x, y, w, h in boxes) == path
    grey = np.full((size, size), 255, np.uint8)
    for x, y, width, height in (map(int, box) for box in boxes):
        grey[y + 2 : y + 2 + height, x + 2 : x + 2 + width] = 0
    return np.kron(grey, np.ones((4, 4), np.uint8))


def test_the_file_needs_nothing_else(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({})), tmp_path, DAY)
    html = (tmp_path / HTML).read_text(encoding="utf-8")
    assert not re.findall(r"(?:src|href)=|url\(|@import|<script|<link|<img", html)
    assert "default-src 'none'" in html
    assert "@page { size: A4 portrait" in html


def test_every_listed_household_has_a_page_audits_too(tmp_path: Path) -> None:
    audit = {"kind": "audit", "颜色": "抽查"}
    rows = rows_of({"颜色": "橙"}, {"颜色": "橙"}, {"颜色": "黄"}, {"颜色": "红"}, audit)
    summary = write_paper(night_of(rows), tmp_path, DAY)
    shown = re.findall(r'<div class="foot">V530622-20261120-(\d+)', (tmp_path / HTML).read_text(encoding="utf-8"))
    assert shown == ["0001", "0002", "0003", "0004", "0005"]
    assert summary.pages == 5


def test_reviews_have_neither_page_nor_form(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({"file": "530622/reviews/530622001.csv", "kind": "review"})), tmp_path, DAY)
    assert [p.name for p in tmp_path.rglob("*") if p.is_file()] == ["530622001.xlsx"]


def test_odk_takes_the_form(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({}, {"village_code": None, "村（居）": None})), tmp_path, DAY)
    made = pyxform.xls2xform.convert(tmp_path / "530622/forms/visit.xlsx")
    assert made.warnings == []
    assert 'id="monitor_visit_530622"' in made.xform
    assert 'version="20261120"' in made.xform
    assert "jr://file-csv/cases.csv" in made.xform
    for code in (code for code, one in answers().choices.items() if "visit" in one.kinds):
        assert f"<name>{code}</name>" in made.xform
    assert "<name>stop</name>" not in made.xform


def test_the_cases_of_the_form_are_those_of_the_lists_and_fit_its_choices(tmp_path: Path) -> None:
    write_paper(night_of(rows_of({}, {}, {"village_code": None, "村（居）": None})), tmp_path, DAY)
    with open(tmp_path / "530622/forms/cases.csv", encoding="utf-8", newline="") as handle:
        cases = list(csv.DictReader(handle))
    assert [is_visit_code(KEY, case["name"]) for case in cases] == [True] * 3
    assert [case["township"] for case in cases] == ["t530622001"] * 3
    form = pyxform.xls2xform.convert(tmp_path / "530622/forms/visit.xlsx").xform
    assert {case["village"] for case in cases} == {"t530622001v530622001001", "t530622001none"}
    for village in {case["village"] for case in cases}:
        assert f"<name>{village}</name>" in form
    assert all(cell == "" or (not cell[0].isdigit() and cell[0] not in "=+-@") for case in cases for cell in case.values())
