"""The progress of a run as the office reads it."""

import csv
from datetime import date
from pathlib import Path

import pytest
from answered import Answered, give, insert, night, visit
from rich.console import Console

from monitor.errors import UsageError
from monitor.fieldwork import progress_rows, progress_table, write_progress
from monitor.learned import learn, take_stock, write_learned
from monitor.settings import Settings
from monitor.store import connect, write_parquet


@pytest.fixture
def run(tmp_path: Path) -> Path:
    connection = night()
    folder = tmp_path / "2026-11-20"
    folder.mkdir()
    insert(connection, "cases.case", [(visit(9), "visit", 1, date(2026, 11, 19), "new")])
    insert(connection, "cases.listed", [(visit(9), "530622001", 1, "red")])
    answers = [Answered(visit(1), "true_enrolled", by="李四"), Answered(visit(2), "false_data", by="李四")]
    learn(connection, give(connection, tmp_path, answers), {})
    take_stock(connection)
    write_learned(connection, folder)
    places = "(values ('530622', '=巧家县'), ('530622001', '白鹤滩镇')) as place(code, name)"
    write_parquet(connection, f"select * from {places} order by code", folder / "region.parquet")
    return folder


def test_totals_come_first_then_counties_with_their_townships(run: Path) -> None:
    rows = progress_rows(connect(None, Settings(threads=1)), run)
    assert [(r["区县"], r["乡镇（街道）"], r["名单"], r["已答复"], r["超期"]) for r in rows] == [
        ("合计", "小计", 1, 2, 1),
        ("=巧家县", "小计", 1, 2, 1),
        ("=巧家县", "白鹤滩镇", 1, 2, 1),
    ]


def test_the_table_says_precision_and_load_in_chinese(run: Path) -> None:
    console = Console(width=200, record=True, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115
    console.print(progress_table(progress_rows(connect(None, Settings(threads=1)), run), "2026-11-20"))
    text = console.export_text()
    assert [word for word in ("属实率%", "50.0", "近28天人均核查") if word not in text] == []
    assert "李四" not in text


def test_the_table_is_whole_in_a_terminal_of_80_columns(run: Path) -> None:
    console = Console(width=80, record=True, file=open("/dev/null", "w", encoding="utf-8"))  # noqa: SIM115
    console.print(progress_table(progress_rows(connect(None, Settings(threads=1)), run), "2026-11-20"))
    text = console.export_text()
    assert "…" not in text
    assert "走访 合计" in text
    assert "走访  白鹤滩镇" in text
    assert "1/2 50.0 (9.5-90.6)" in text


def test_the_file_is_safe_to_open(run: Path, tmp_path: Path) -> None:
    write_progress(progress_rows(connect(None, Settings(threads=1)), run, "530622"), tmp_path / "p.csv")
    data = (tmp_path / "p.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert [row["区县"] for row in rows] == ["'=巧家县", "'=巧家县"]


def test_a_county_given_by_its_name_is_told_its_code(run: Path) -> None:
    with pytest.raises(UsageError, match="应为 530622 巧家县"):
        progress_rows(connect(None, Settings(threads=1)), run, "巧家")


def test_a_county_that_nobody_knows_is_named(run: Path) -> None:
    with pytest.raises(UsageError, match="没有这个区县"):
        progress_rows(connect(None, Settings(threads=1)), run, "110101")


def test_a_run_of_older_software_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有核查进度"):
        progress_rows(connect(None, Settings(threads=1)), tmp_path)
