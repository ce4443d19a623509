"""From the list to the door and back: a night, its workbooks filled in and sent back, the night after."""

import csv
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import duckdb
import openpyxl
import pytest
from identity import find_identity
from nights import NIGHTS
from typer.testing import CliRunner

from monitor import steps
from monitor.answers import collect
from monitor.cli import app
from monitor.settings import Settings, load_settings

FIRST, SECOND = NIGHTS[:2]
# answered in turn, down every township's list
ANSWERS = ("属实-已转介", "不属实-数据错误", "待补充核查", "属实-已纳入", "查无此人或外出", "本人不愿")
CODES = dict(zip(ANSWERS, ("true_referred", "false_data", "pending", "true_enrolled", "not_found", "declined"), strict=True))
PEOPLE = "select id_no, name, phone from '{run}/person.parquet'"
# what becomes of an answered case the night after, unless something new or worse reopens it
STATES = {"pending": {"continuing", "escalated", "eased", "carried"}, "not_found": {"muted"}}

BASIC = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Fill" script:language="StarBasic">
Sub Answer(inFile As String, outFile As String)
    Dim hidden(0) As New com.sun.star.beans.PropertyValue, kind(0) As New com.sun.star.beans.PropertyValue
    hidden(0).Name = "Hidden" : hidden(0).Value = True
    kind(0).Name = "FilterName" : kind(0).Value = "Calc MS Excel 2007 XML"
    book = StarDesktop.loadComponentFromURL(ConvertToURL(inFile), "_blank", 0, hidden())
    For s = 1 To book.Sheets.Count - 1
        sheet = book.Sheets.getByIndex(s)
        For c = 0 To 40
            If sheet.getCellByPosition(c, 0).String = "核查结果" Then
                For r = 1 To 2000
                    If sheet.getCellByPosition(0, r).String = "" Then Exit For
                    sheet.getCellByPosition(c, r).String = "属实-已纳入"
                    sheet.getCellByPosition(c + 1, r).Formula = "2026-11-18"
                Next r
            End If
        Next c
    Next s
    book.storeToURL(ConvertToURL(outFile), kind())
    book.close(True)
End Sub
</script:module>
"""
LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
    library:readonly="false" library:passwordprotected="false"><library:element library:name="Fill"/></library:library>
"""


@dataclass(frozen=True)
class Loop:
    """A home after two nights, with what was sent back between them."""

    settings: Settings
    given: dict[str, str]  # case number -> code of the answer

    @property
    def run(self) -> Path:
        return self.settings.home / "runs" / SECOND.isoformat()

    def rows(self, select: str) -> list[tuple]:
        return duckdb.sql(select.replace("{run}", str(self.run))).fetchall()


@pytest.fixture(scope="module")
def first_night(dirty_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = load_settings(tmp_path_factory.mktemp("loop"), inbox=dirty_inbox, threads=2)
    steps.run_night(settings, FIRST)
    return settings


@pytest.fixture(scope="module")
def loop(first_night: Settings) -> Loop:
    outbox, given = first_night.home / "outbox" / FIRST.isoformat(), {}
    for path in sorted(outbox.glob("*/*.xlsx")):
        if path.stem != "supervision":
            given |= filled_in(path, first_night.home / "answers" / path.name)
    collect(first_night)
    steps.run_night(first_night, SECOND)
    return Loop(first_night, given)


def filled_in(path: Path, out: Path) -> dict[str, str]:
    """Answer every row of a township's workbook, as a visitor would; case number -> code."""
    book, given = openpyxl.load_workbook(path), {}
    for sheet in book.worksheets[1:]:
        at = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            answer = ANSWERS[len(given) % len(ANSWERS)]
            given[sheet.cell(row, at["工单编号"]).value] = CODES[answer]
            sheet.cell(row, at["核查结果"]).value = answer
            sheet.cell(row, at["核查日期"]).value = FIRST
            sheet.cell(row, at["核查人"]).value = "走访员"
    book.save(out)
    return given


def test_every_answer_finds_its_case(loop: Loop) -> None:
    read = dict(loop.rows("select case_no, answer from '{run}/answers.parquet'"))
    assert len(read) > 20
    assert read == loop.given


def test_answered_cases_close_rest_or_stay(loop: Loop) -> None:
    found = loop.rows("select case_no, kind, state, reopened_zh from '{run}/cases.parquet'")
    listed = {case for (case,) in loop.rows("select case_no from '{run}/listed.parquet'")}
    seen = Counter()
    for case_no, kind, state, reopened in found:
        if case_no in loop.given and kind == "visit":
            answer = loop.given[case_no]
            assert state in STATES.get(answer, {"closed"}) or (state == "reopened" and reopened) or state == "cleared"
            assert (case_no in listed) == (state in STATES["pending"] | {"reopened"})
            seen[answer, state] += 1
    assert {answer for answer, _ in seen} == set(CODES.values())
    assert seen["true_enrolled", "closed"] > 0


def test_answers_have_a_ledger_line_and_add_up(loop: Loop) -> None:
    lines = loop.rows(
        "select rows_read, loaded + superseded + quarantined, loaded from '{run}/ledger.parquet' "
        "where extract = 'field_verification'"
    )
    assert lines
    assert all(read == kept for read, kept, _ in lines)
    assert sum(loaded for *_, loaded in lines) == len(loop.given)


def test_referrals_go_to_departments_with_their_own_columns_only(loop: Loop) -> None:
    referred = {case for case, answer in loop.given.items() if answer == "true_referred"}
    told = set()
    for path in (loop.settings.home / "outbox" / SECOND.isoformat() / "referrals").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as lines:
            cases = [row["工单编号"] for row in csv.DictReader(lines)]
        assert len(cases) == len(set(cases)), "one line per case and department"
        told |= set(cases)
    assert told == referred


def test_precision_counts_what_was_answered_and_reaches_the_analyst_file_without_identity(loop: Loop) -> None:
    judged = [a for c, a in loop.given.items() if c[0] == "V" and a.startswith(("true_", "false_"))]
    true = sum(answer.startswith("true_") for answer in judged)
    with duckdb.connect(str(loop.settings.home / "published/warehouse.duckdb"), read_only=True) as analysts:
        row = analysts.execute(
            "select judged, fact from precision where indicator = 'all' and county = 'all' and as_of = $day", {"day": SECOND}
        ).fetchall()
        assert row == [(len(judged), true)]
        ids, names, phones = (set(filter(None, one)) for one in zip(*loop.rows(PEOPLE), strict=True))
        assert len(ids) > 1_000
        assert find_identity(analysts, ids, {name for name in names if len(name) > 2} | {"走访员"}, phones) == []


def test_progress_tells_what_came_back(loop: Loop, tmp_path: Path) -> None:
    out = tmp_path / "progress.csv"
    said = CliRunner().invoke(app, ["progress", "--home", str(loop.settings.home), "--csv", str(out)])
    assert said.exit_code == 0, said.output
    with out.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    assert len(rows) > 1
    assert str(sum(case[0] == "V" for case in loop.given)) in {cell for row in rows for cell in row}


def test_a_night_with_the_same_answers_is_not_run_again_and_earlier_nights_stay(loop: Loop) -> None:
    before = (loop.settings.home / "runs" / FIRST.isoformat() / "manifest.json").read_bytes()
    assert collect(loop.settings)[0].is_new is False
    assert steps.begin(loop.settings, SECOND)["already"] is True
    assert (loop.settings.home / "runs" / FIRST.isoformat() / "manifest.json").read_bytes() == before


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_opens_edits_and_saves_a_workbook_that_is_read_without_loss(first_night: Settings, tmp_path: Path) -> None:
    program = ["soffice", f"-env:UserInstallation=file://{tmp_path / 'profile'}", "--headless", "--norestore"]
    subprocess.run([*program, "--terminate_after_init"], check=True, capture_output=True, timeout=180)  # makes the profile
    basic = tmp_path / "profile/user/basic/Standard"
    (basic / "Fill.xba").write_text(BASIC, encoding="utf-8")
    (basic / "script.xlb").write_text(LIBRARY, encoding="utf-8")
    given = max((first_night.home / "outbox" / FIRST.isoformat()).glob("*/[0-9]*.xlsx"), key=lambda path: path.stat().st_size)
    back = tmp_path / "back.xlsx"
    macro = f'macro:///Standard.Fill.Answer("{given}","{back}")'
    subprocess.run([*program, macro], check=True, capture_output=True, timeout=180)
    rows = sum(sheet.max_row - 1 for sheet in openpyxl.load_workbook(given).worksheets[1:])
    assert rows > 0
    home = tmp_path / "home"
    shutil.copytree(first_night.home, home, ignore=shutil.ignore_patterns("answers"))
    (home / "answers").mkdir()
    (one,) = collect(load_settings(home), [back])
    assert (one.landed.answered, one.landed.quarantined, one.landed.unanswered) == (rows, 0, 0)
