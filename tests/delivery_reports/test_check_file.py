"""A data officer tries a file before sending it: the conclusion, every fault, how to mend it; nothing stays behind."""

from __future__ import annotations

import gzip
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import Result
from given import made_up_id
from rich.cells import cell_len
from told_nights import CARE_HEADER, Page, care
from typer.testing import CliRunner

from monitor import cli

NAME = "mca_care_20261101.csv"
BAD_ID = "99000019800101001"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files lie; what is unpacked goes to `tmp` beside it."""
    (tmp_path / "files").mkdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    monkeypatch.chdir(tmp_path / "files")
    return tmp_path / "files"


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def check(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli.app, ["check-file", *map(str, arguments)])


def code(done: Result) -> int:
    return int(getattr(done.exception, "exit_code", done.exit_code))


def said(done: Result) -> str:
    """What was printed and what the error says, without the breaks of lines."""
    return "".join((done.output + str(done.exception or "")).split())


def workbook(rows: list[list[str]], formulas: int = 0, sheets: int = 1) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        for _ in range(sheets):
            sheet = book.add_worksheet()
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
        for at in range(formulas):
            sheet.write_formula(1, 5 + at, "=1+1", None, "2")
    return content.getvalue()


def zipped(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in members.items():
            archive.writestr(name.replace("__", "."), held)
    return content.getvalue()


SHEET = [CARE_HEADER.split(","), [made_up_id(1), "独居老人", "", "2026-10-01"]]
UNREADABLE: dict[str, tuple[str, bytes, str]] = {
    "an old workbook": ("mca_care_20261101.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "旧版Excel"),
    "an old workbook called new": ("mca_care_20261101.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "密码"),
    "another ending": ("mca_care_20261101.txt", care().encode(), "后缀不在约定之内"),
    "no ending": ("mca_care_20261101", care().encode(), "后缀不在约定之内"),
    "no byte": (NAME, b"", "文件是空的(0字节)"),
    "blank lines only": (NAME, b"\n\n", "没有表头"),
    "a workbook called CSV": (NAME, workbook(SHEET), "内容却是工作簿"),
    "neither UTF-8 nor GB18030": (NAME, CARE_HEADER.encode() + b"\n\xff\xfe\xff", "无法解码"),
    "a workbook cut short": ("mca_care_20261101.xlsx", workbook(SHEET)[:2000], "这不是完好的.xlsx工作簿"),
    "an archive cut short": ("mca_care_20261101.zip", zipped(a__csv=care(people=9).encode())[:-30], "压缩包打不开"),
    "a packed file cut short": (f"{NAME}.gz", gzip.compress(care(people=99).encode())[:-20], "压缩文件损坏或被截断"),
    "two files in an archive": ("mca_care_20261101.zip", zipped(a__csv=b"x", b__csv=b"x"), "压缩包内有2个文件"),
    "a bomb": ("mca_care_20261101.zip", zipped(a__csv=bytes(80 * 2**20)), "解开后大得不正常"),
    "a broken Parquet file": ("mca_care_20261101.parquet", b"PAR1xxxx", "Parquet文件打不开"),
    "a column missing": (NAME, f"身份证号码\n{made_up_id(1)}\n".encode(), "缺少必需的列:类别"),
    "a column twice": (NAME, f"类别,{CARE_HEADER}\n".encode(), "表头重复:类别"),
    "too many bad rows": (NAME, care(f"{BAD_ID},独居老人,,", people=3).encode(), "超过允许的20%"),
    "a full extract without a row": (NAME, care().encode(), "全量数据没有一行可用"),
    "nobody knows what": ("data.csv", "甲,乙\n1,2\n".encode(), "看不出是哪份数据"),
}


@pytest.mark.parametrize("what", sorted(UNREADABLE))
def test_a_file_that_would_be_refused_says_why_and_ends_in_10(what: str, folder: Path) -> None:
    name, content, words = UNREADABLE[what]
    done = check(put(folder, name, content))
    assert (code(done), "将被退回" in said(done), words in said(done)) == (10, True, True)
    assert "Traceback" not in done.output


def test_a_fit_file_ends_in_0_and_leaves_nothing_behind(folder: Path) -> None:
    done = check(put(folder, NAME, care(people=3)))
    assert (code(done), "可以报送" in said(done)) == (0, True)
    assert [p.name for p in folder.iterdir()] == [NAME]
    assert list((folder.parent / "tmp").iterdir()) == []


def test_every_fault_of_a_fit_file_is_told_and_counts_only_when_strict(folder: Path) -> None:
    path = put(folder, NAME, care(f"{BAD_ID},独居老人,,", f"{made_up_id(99)},独居老人,,某天", people=30))
    done = check(path)
    assert code(done) == 0
    assert [
        w
        for w in ("「身份证号码」不是有效的身份号码", "行号:32", "选填列「最近探访日期」看不懂", "只能填")
        if w not in said(done)
    ] == ["只能填"]
    assert code(check(path, "--strict")) == 10


def test_a_former_delivery_beside_it_shows_what_changed(folder: Path) -> None:
    old = put(folder, "mca_care_20261001.csv", care(people=300))
    new = put(folder, NAME, care(people=200))
    done = check(new, old)
    assert (code(done), "行数是近几次中位数的66.7%，一般为80%至150%" in said(done)) == (0, True)
    assert "中位数" not in said(check(new))


def test_an_extract_is_told_by_name_else_by_header_else_by_hand(folder: Path) -> None:
    assert "mca_care(特殊困难群体关爱台账)" in said(check(put(folder, "mca_care 终稿.csv", care(people=2))))
    by_header = check(put(folder, "台账.csv", care(people=2)))
    assert (code(by_header), "按表头认作mca_care" in said(by_header), "正式报送前请改名" in said(by_header)) == (0, True, True)
    assert code(check(folder / "台账.csv", "--extract", "mca_care")) == 0
    wrong = check(folder / "台账.csv", "--extract", "mca_cares")
    assert (code(wrong), "mca_care" in said(wrong)) == (2, True)


def test_a_name_that_does_not_fit_the_header_is_told(folder: Path) -> None:
    done = check(put(folder, "nhc_death_20261101.csv", care(people=2)))
    assert (code(done), "表头与mca_care(特殊困难群体关爱台账)相符,文件名是否写错了" in said(done)) == (10, True)


def test_formulas_of_a_workbook_are_told(folder: Path) -> None:
    done = check(put(folder, "mca_care_20261101.xlsx", workbook(SHEET, formulas=2)))
    assert (code(done), "有2个公式单元格" in said(done)) == (0, True)


def test_further_sheets_that_are_not_read_are_told(folder: Path) -> None:
    done = check(put(folder, "mca_care_20261101.xlsx", workbook(SHEET, sheets=3)))
    assert (code(done), "另有2个工作表的表头与第1个工作表一样符合约定,没有读取" in said(done)) == (0, True)


def test_several_files_are_each_told_in_their_order_and_one_bad_one_decides(folder: Path) -> None:
    good, bad = put(folder, NAME, care(people=2)), put(folder, "data.csv", "x")
    done = check(bad, good)
    assert code(done) == 10
    assert said(done).index("第1个data.csv") < said(done).index(f"第2个{NAME}")
    assert "可以报送1个" in said(done)


def test_two_files_of_one_name_are_both_told(folder: Path) -> None:
    (folder / "a").mkdir()
    done = check(put(folder, NAME, care(people=2)), put(folder / "a", NAME, care(f"{BAD_ID},,,")))
    assert (code(done), "可以报送1个" in said(done), "将被退回1个" in said(done)) == (10, True, True)


def test_files_that_are_not_there_are_all_named(folder: Path) -> None:
    done = check("a.csv", "b.csv", folder)
    assert code(done) == 2
    assert [w for w in ("a.csv:没有这个文件", "b.csv:没有这个文件", "是文件夹") if w not in said(done)] == []


def test_the_report_is_kept_as_page_and_table(folder: Path) -> None:
    path = put(folder, NAME, care(f"{BAD_ID},独居老人,,", people=30))
    assert code(check(path, "--html", folder / "r.html", "--csv", folder / "r.csv")) == 0
    page = Page((folder / "r.html").read_text(encoding="utf-8"))
    assert "script" not in page.elements
    assert "「身份证号码」不是有效的身份号码" in page.text
    assert '"32","退回","身份证号码"' in (folder / "r.csv").read_text(encoding="utf-8")


def test_reports_of_several_files_lie_in_a_folder(folder: Path) -> None:
    files = [put(folder, NAME, care(people=2)), put(folder, "<i>=x.xls", "x")]
    check(*files, "--html", folder / "out")
    assert sorted(p.name for p in (folder / "out").iterdir()) == [f"01-{NAME}.html", "02-_i_x.xls.html"]
    assert "i" not in Page((folder / "out" / "02-_i_x.xls.html").read_text(encoding="utf-8")).elements


def test_a_report_that_cannot_be_written_is_a_usage_error(folder: Path) -> None:
    done = check(put(folder, NAME, care(people=2)), "--html", folder / "no" / "such" / "r.html")
    assert (code(done), "报告没有写成" in said(done)) == (2, True)


def test_nothing_of_a_person_is_shown(folder: Path) -> None:
    who = made_up_id(7, "1977-07-07")
    path = put(folder, NAME, care(f"{who},某类{who},{who}9,王某某", f'{who},"王某某', people=30))
    done = check(path, "--html", folder / "r.html", "--csv", folder / "r.csv")
    shown = [done.output, (folder / "r.html").read_text(encoding="utf-8"), (folder / "r.csv").read_text(encoding="utf-8-sig")]
    assert [secret for secret in (who, who[:14], "王某某") for text in shown if secret in text] == []


def test_what_is_shown_fits_80_columns(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    bad = [f"{made_up_id(n)},某类,,某天" for n in range(0, 40, 2)]
    lines = check(put(folder, NAME, care(*bad, people=200))).output.splitlines()
    assert [line for line in lines if cell_len(line.rstrip()) > 80] == []


def test_it_needs_no_home_and_a_killed_trial_is_wiped(folder: Path) -> None:
    """SIGTERM while it reads: what was unpacked goes with it."""
    path = put(folder, f"{NAME}.gz", gzip.compress(care(people=500).encode()))
    program = (
        "import os, signal, monitor.delivery_reports.check as check\n"
        "check.land = lambda *given: os.kill(os.getpid(), signal.SIGTERM)\n"
        f"import sys; sys.argv = ['monitor', 'check-file', {str(path)!r}]\n"
        "import monitor.cli; monitor.cli.main()"
    )
    environment = {**os.environ, "TMPDIR": str(folder.parent / "tmp"), "HOME": str(folder)}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 143, done.stderr
    assert list((folder.parent / "tmp").iterdir()) == []
    assert [p.name for p in folder.iterdir()] == [path.name]
