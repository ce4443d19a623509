"""From a folder of returned files to answers in force: once, in order, with a report of what was left."""

from __future__ import annotations

import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from returned import ANSWER, BY, COLLECTED, DAY, HEADER, LIST_DAY, Book, case_no, key_of, list_rows, write_csv
from typer.testing import CliRunner

from monitor.answers import collect, enter_answers, landed_answers, load_answers
from monitor.answers.landing import LandedAnswers
from monitor.audit import read_trail
from monitor.cli import app
from monitor.errors import NightIsRunning, NothingArrived, UsageError
from monitor.privacy import visit_code
from monitor.run import Home, Night
from monitor.settings import Settings
from monitor.sources.text_files import TextFile, open_text
from monitor.store import connect


def put(settings: Settings, name: str, rows: list[list[Any]]) -> Path:
    folder = Home(settings.home).answers
    return Book({"名单": rows}).write(folder / name) if name.endswith(".xlsx") else write_csv(rows, folder / name)


def in_force(settings: Settings, as_of: date = COLLECTED) -> dict[str, tuple[str, date]]:
    with connect(None, settings) as connection:
        load_answers(connection, Night(settings, as_of))
        rows = connection.execute(
            "select case_no, arg_max(answer, (answered_on, _order)), max(answered_on) from cases.answer group by 1"
        ).fetchall()
    return {number: (answer, day) for number, answer, day in rows}


def changed(rows: list[list[Any]], **cells: tuple[int, str]) -> list[list[Any]]:
    for row in rows[1:]:
        for at, value in cells.values():
            row[at] = value
    return rows


def test_a_file_is_read_once_whatever_its_name(settings: Settings) -> None:
    first = put(settings, "张集镇.xlsx", list_rows(key_of(settings.home)))
    once = collect(settings, as_of=COLLECTED)
    (first.parent / "copy.xlsx").write_bytes(first.read_bytes())
    again = collect(settings, as_of=COLLECTED + timedelta(days=9))
    assert [one.is_new for one in once + again] == [True, False, False]
    assert len(landed_answers(Home(settings.home))) == 1
    assert len(in_force(settings)) == 8


def test_what_came_in_is_on_record_without_the_name_of_the_file(settings: Settings) -> None:
    put(settings, "某某的名单.csv", list_rows(key_of(settings.home)))
    (one,) = collect(settings, as_of=COLLECTED)
    (entry,) = read_trail(settings.home)
    assert (entry.action, entry.what["answers"], entry.what["files"]) == ("collected", 8, [one.landed.sha256[:16]])
    assert "某某" not in str(entry)


def test_what_was_read_before_is_looked_up_once_and_is_not_put_on_record_again(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = put(settings, "a.csv", list_rows(key_of(settings.home)))
    (first.parent / "copy.csv").write_bytes(first.read_bytes())
    (first.parent / "link.csv").symlink_to(first)
    looks: list[Home] = []

    def looked(home: Home) -> list[LandedAnswers]:
        looks.append(home)
        return landed_answers(home)

    monkeypatch.setattr(sys.modules["monitor.answers.collect"], "landed_answers", looked)  # the function has its name
    told = [[one.is_new for one in collect(settings, as_of=COLLECTED)] for _ in range(2)]
    assert told == [[True, False, True], [False, False, True]], "a link is told of every time"
    assert len(looks) == 2
    assert [entry.what["answers"] for entry in read_trail(settings.home)] == [8]


def test_a_list_is_read_inside_the_home_and_what_a_kill_leaves_of_it_is_swept_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders: list[Path] = []

    def noted(path: Path, folder: Path, names: set[str], *, sealed: bool) -> TextFile:
        folders.append(folder)
        return open_text(path, folder, names, sealed=sealed)

    monkeypatch.setattr("monitor.answers.sheets.open_text", noted)
    put(settings, "a.csv", list_rows(key_of(settings.home)))
    collect(settings, as_of=COLLECTED)
    (folder,) = folders
    assert folder.parent == Home(settings.home).runs
    assert not folder.exists()
    folder.mkdir()
    (folder / "utf8.csv").write_text("某户", encoding="utf-8")
    collect(settings, as_of=COLLECTED)
    assert not folder.exists()


def test_an_earlier_night_does_not_read_a_later_answer(settings: Settings) -> None:
    put(settings, "a.csv", list_rows(key_of(settings.home)))
    collect(settings, as_of=COLLECTED)
    assert in_force(settings, COLLECTED - timedelta(days=1)) == {}


def test_a_later_day_corrects_an_earlier_one_whichever_comes_first(settings: Settings) -> None:
    key = key_of(settings.home)
    put(settings, "a.csv", changed(list_rows(key, 1), day=(DAY, "2026-11-23"), answer=(ANSWER, "本人不愿")))
    put(settings, "b.csv", changed(list_rows(key, 1), day=(DAY, "2026-11-22"), answer=(ANSWER, "属实-已纳入")))
    collect(settings, as_of=COLLECTED)
    assert in_force(settings) == {case_no(1): ("declined", date(2026, 11, 23))}


def test_of_one_day_the_later_collected_speaks_and_an_undated_one_corrects_what_came_before(settings: Settings) -> None:
    key = key_of(settings.home)
    answers = Home(settings.home).answers
    for name, day, answer in (("z", "2026-11-22", "本人不愿"), ("a", "2026-11-22", "待补充核查"), ("b", "", "外出")):
        path = write_csv(changed(list_rows(key, 1), day=(DAY, day), answer=(ANSWER, answer)), answers / f"{name}.csv")
        collect(settings, [path], as_of=COLLECTED)
    assert in_force(settings) == {case_no(1): ("not_found", date(2026, 11, 22))}


def test_the_ledger_adds_up(settings: Settings) -> None:
    key = key_of(settings.home)
    rows = list_rows(key)
    rows[2][ANSWER] = "属实"
    put(settings, "a.csv", [*rows, rows[1]])
    put(settings, "b.csv", changed(list_rows(key, 1), day=(DAY, "2026-11-22")))
    (Home(settings.home).answers / "c.xlsx").write_bytes(b"PK no workbook")
    collect(settings, as_of=COLLECTED)
    with connect(None, settings) as connection:
        connection.execute(
            "create table deliveries.ledger (extract varchar, delivery varchar, rows_read bigint, loaded bigint,"
            " superseded bigint, quarantined bigint, blanked bigint, state varchar, reason varchar)"
        )
        enter_answers(connection, Night(settings, COLLECTED))
        lines = connection.execute("select rows_read, loaded, superseded, quarantined, state from deliveries.ledger").fetchall()
    assert lines == [(9, 6, 2, 1, "in_force"), (1, 1, 0, 0, "in_force"), (0, 0, 0, 0, "refused")]


def test_the_report_names_sheet_row_and_reason_and_nobody(settings: Settings) -> None:
    rows = list_rows(key_of(settings.home))
    rows[3][ANSWER], rows[4][BY] = "=cmd|x", "王小明"
    put(settings, "=张集镇.xlsx", rows)
    report = collect(settings, as_of=COLLECTED)[0].report
    assert report is not None
    text = report.read_text(encoding="utf-8-sig")
    line = next(line for line in text.splitlines() if line.split(",")[3] == "4")
    assert case_no(3) in line
    assert "看不懂" in line
    assert '"\'=张集镇.xlsx"' in line
    assert not any(word in text for word in ("某户", "王小明", "cmd"))


def test_two_answers_of_one_day_in_one_file_are_kept_and_reported(settings: Settings) -> None:
    rows = list_rows(key_of(settings.home), 1)
    put(settings, "a.csv", [*rows, [*rows[1][:ANSWER], "本人不愿", *rows[1][ANSWER + 1 :]]])
    one = collect(settings, as_of=COLLECTED)[0]
    assert one.landed.answered == 2
    assert one.report is not None
    assert one.report.read_text(encoding="utf-8-sig").count("同一天有不同的核查结果") == 2
    assert in_force(settings)[case_no(1)][0] == "declined"


def test_a_row_whose_id_is_that_of_another_household_is_reported(settings: Settings) -> None:
    run = Home(settings.home).runs / LIST_DAY.isoformat()
    run.mkdir()
    numbers = [case_no(1), case_no(2)]
    cases = {"case_no": numbers, "subject": ["H:1", "H:2"], "household": ["H:1", "H:2"]}
    pl.DataFrame(cases).write_parquet(run / "cases.parquet")
    heads = {"household": ["H:1", "H:2"], "head": ["990000199001010000", "990000199001010001"]}
    pl.DataFrame(heads).write_parquet(run / "household.parquet")
    rows = list_rows(key_of(settings.home), 2)
    rows[2][HEADER.index("身份证号")] = "*" * 14 + "0000"
    put(settings, "a.xlsx", rows)
    one = collect(settings, as_of=COLLECTED)[0]
    assert (one.landed.answered, one.landed.quarantined) == (1, 1)
    assert in_force(settings).keys() == {case_no(1)}


def _with_member(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


@pytest.mark.parametrize("member", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_a_workbook_with_macros_is_refused(member: str, settings: Settings) -> None:
    _with_member(put(settings, "a.xlsx", list_rows(key_of(settings.home))), member, b"x")
    assert "宏" in collect(settings, as_of=COLLECTED)[0].landed.refused


def test_a_bomb_is_refused(settings: Settings) -> None:
    _with_member(put(settings, "a.xlsx", list_rows(key_of(settings.home))), "xl/media/a.bin", b"\0" * (80 * 2**20))
    assert "大得不正常" in collect(settings, as_of=COLLECTED)[0].landed.refused


def test_a_link_to_another_file_is_told_and_not_followed(settings: Settings) -> None:
    _with_member(put(settings, "a.xlsx", list_rows(key_of(settings.home))), "xl/externalLinks/externalLink1.xml", b"<a/>")
    one = collect(settings, as_of=COLLECTED)[0]
    assert one.landed.answered == 8
    assert one.report is not None
    assert "链接到其他文件" in one.report.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.xlsx", b""), ("a.xls", b"\xd0\xcf\x11\xe0"), ("a.csv", b"\xff\xff\xff"), ("a.csv", b""), ("a.csv", b"x,y\r\n1,2\r\n"),
     ("a.pdf", b"%PDF"), ("a.xlsx", b"<html/>"), ("a.csv", '工单编号,核查结果,"核验码\r\n'.encode())],
)  # fmt: skip
def test_what_is_no_list_is_refused_whole(name: str, content: bytes, settings: Settings) -> None:
    (Home(settings.home).answers / name).write_bytes(content)
    one = collect(settings, as_of=COLLECTED)[0]
    assert one.landed.refused
    assert one.report is not None


def test_an_endless_sheet_is_refused(settings: Settings) -> None:
    rows = [list(HEADER[:1]), *([["x"]] * 200_001)]
    write_csv(rows, Home(settings.home).answers / "a.csv")
    assert "超出一份名单" in collect(settings, as_of=COLLECTED)[0].landed.refused


def test_nothing_to_collect_no_night_and_a_missing_file_are_told_apart(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NothingArrived):
        collect(settings, as_of=COLLECTED)
    with pytest.raises(UsageError, match="还没有任何一晚"):
        collect(settings)
    with pytest.raises(UsageError, match="不存在"):
        collect(settings, [tmp_path / "a.xlsx"], as_of=COLLECTED)


def test_answers_wait_while_a_night_runs(settings: Settings) -> None:
    put(settings, "a.csv", list_rows(key_of(settings.home)))
    with Home(settings.home).locked(), pytest.raises(NightIsRunning):
        collect(settings, as_of=COLLECTED)


def test_the_command_shows_counts_and_says_when_a_file_is_refused(settings: Settings) -> None:
    put(settings, "a.csv", list_rows(key_of(settings.home)))
    home = str(settings.home)
    done = CliRunner().invoke(app, ["collect", "--home", home, "--as-of", COLLECTED.isoformat()])
    assert done.exit_code == 0
    assert "某户" not in done.output
    (Home(settings.home).answers / "b.pdf").write_bytes(b"%PDF")
    refused = CliRunner().invoke(app, ["collect", "--home", home, "--as-of", COLLECTED.isoformat()])
    assert refused.exception is not None
    assert getattr(refused.exception, "exit_code", None) == 10


def test_what_the_form_on_the_telephone_exports_is_read_like_a_list(settings: Settings) -> None:
    key = key_of(settings.home)
    header = ["SubmissionDate", "scan", "township", "case", "visit_code", "told_head", "answer", "answered_on", "answered_by"]
    code = visit_code(key, case_no(3), LIST_DAY)
    row = ["2026-11-21T10:11:12.000+08:00", "", "t530622001", code, code, "户主:某户", "true_referred", "2026-11-21", "走访员"]
    path = write_csv([[*header, "note", "meta-instanceID"], [*row, "说明", "uuid:1"]], settings.home / "visit.csv", "utf-8")
    (one,) = collect(settings, [path], as_of=COLLECTED)
    assert (one.landed.answered, one.landed.quarantined) == (1, 0)
    assert in_force(settings) == {case_no(3): ("true_referred", date(2026, 11, 21))}
