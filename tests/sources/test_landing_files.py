"""Every way a file may come in, and every way it may be broken; nothing of it is lost."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from landing_inbox import Inbox, made_up_id

from monitor.errors import NightCannotStand
from monitor.sources import arrive, land, landed_before, read_arrivals, rows_file, unpacking

NAME = "nhc_elder_ability_20261001"
HEADER = "身份证号,评估总分,能力等级,评估日期"
ID = made_up_id(1)
ROW = f"{ID},55,中度失能,2026-01-03"
CSV = f"{HEADER}\n{ROW}\n"


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(at, column, value, *([day] if isinstance(value, datetime) else []))
    return content.getvalue()


def parquet(columns: dict[str, Any]) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


SHEET = [HEADER.split(","), [ID, 55, "中度失能", datetime(2026, 1, 3)]]
CONTAINERS: dict[str, tuple[str, bytes]] = {
    "utf-8": (".csv", CSV.encode()),
    "utf-8 with a mark": (".csv", CSV.encode("utf-8-sig")),
    "gb18030": (".csv", CSV.encode("gb18030")),
    "crlf": (".csv", CSV.replace("\n", "\r\n").encode()),
    "cr only": (".csv", CSV.replace("\n", "\r").encode()),
    "no last line end": (".csv", CSV.rstrip().encode()),
    "mixed line ends": (".csv", CSV.replace("\n", "\r\n", 1).encode()),
    "tabs": (".csv", CSV.replace(",", "\t").encode()),
    "semicolons": (".csv", CSV.replace(",", ";").encode()),
    "quoted": (".csv", "\n".join(",".join(f'"{c}"' for c in line.split(",")) for line in CSV.split()).encode()),
    "upper-case ending": (".CSV", CSV.encode()),
    "canonical header in another order": (".csv", f"assessed_on,id_no, score ,ability\n2026-01-03,{ID},55,2".encode()),
    "blank lines before the header": (".csv", f"\n\n{CSV}".encode()),
    "gz": (".csv.gz", gzip.compress(CSV.encode("gb18030"))),
    "zip of csv": (".zip", zipped({"随便.csv": CSV.encode("gb18030")})),
    "xlsx": (".xlsx", workbook({"数据": SHEET})),
    "xlsx on the second sheet": (".xlsx", workbook({"说明": [["填表说明"]], "数据": SHEET})),
    "xlsx with blank rows on top": (".xlsx", workbook({"数据": [[], [], *SHEET]})),
    "xlsx with a title and a remark on top": (".xlsx", workbook({"数据": [["老年人能力评估"], ["单位：人"], *SHEET]})),
    "xlsx with a title on the second sheet": (".xlsx", workbook({"说明": [["填表说明"]], "数据": [["评估表"], [], *SHEET]})),
    "zip of csv packed on a Mac": (".zip", zipped({"__MACOSX/": b"", "__MACOSX/._a.csv": b"x", "a.csv": CSV.encode()})),
    "zip of csv beside a folder entry": (".zip", zipped({"数据/": b"", "a.csv": CSV.encode()})),
    "surplus separators": (".csv", CSV.replace("\n", ",,\n").encode()),
    "surplus blank cells in rows": (".csv", CSV.rstrip().encode() + ',, ,"",\u3000\n'.encode()),
    "zip of xlsx": (".zip", zipped({"a.xlsx": workbook({"数据": SHEET})})),
    "parquet": (".parquet", parquet({"身份证号": [ID], "评估总分": [55], "能力等级": [2], "评估日期": [date(2026, 1, 3)]})),
    "parquet of texts": (
        ".parquet",
        parquet({"id_no": [ID], "score": ["５５"], "ability": ["中度失能"], "assessed_on": ["2026年1月3日"]}),
    ),
    "zip of parquet": (
        ".zip",
        zipped({"a.parquet": parquet({"id_no": [ID], "score": [55.0], "ability": ["2"], "assessed_on": ["20260103"]})}),
    ),
}


@pytest.mark.parametrize(("ending", "content"), CONTAINERS.values(), ids=CONTAINERS.keys())
def test_the_same_row_comes_out_of_every_container(inbox: Inbox, ending: str, content: bytes) -> None:
    inbox.put(NAME + ending, content)
    (landed,) = inbox.landed()
    assert (landed.fault, landed.rows_read, landed.readable, landed.blanked) == ("", 1, 1, 0)
    rows = duckdb.execute("select * exclude (_row) from read_parquet(?)", [str(rows_file(inbox.night, landed))]).fetchall()
    key = int(ID[:17]) * 16 + "0123456789X".index(ID[17])
    assert rows == [(key, 55, "2", date(2026, 1, 3), date(2026, 10, 1), "")]


def encrypted_zip() -> bytes:
    content = bytearray(zipped({"a.csv": CSV.encode()}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    return bytes(content)


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "empty file": (".csv", b"", "没有表头"),
    "blank lines only": (".csv", b"\n\r\n  \n", "没有表头"),
    "neither utf-8 nor gb18030": (".csv", b"\xff\xfe" + CSV.encode("utf-16-le"), "无法解码"),
    "missing column": (".csv", CSV.replace("评估总分", "得分").encode(), "缺少必需的列:评估总分"),
    "missing column among bad lines": (".csv", f"身份证号,评估日期\n{ID}\n".encode(), "缺少必需的列:评估总分"),
    "doubled header": (".csv", f"{HEADER},score\n{ROW},5\n".encode(), "表头重复:评估总分"),
    "cut gz": (".csv.gz", gzip.compress(CSV.encode() * 50)[:-20], "截断"),
    "not a gz": (".csv.gz", CSV.encode(), "截断"),
    "cut zip": (".zip", zipped({"a.csv": CSV.encode()})[:-30], "压缩包打不开"),
    "not a zip": (".zip", b"hello", "压缩包打不开"),
    "encrypted zip": (".zip", encrypted_zip(), "密码"),
    "zip with a path": (".zip", zipped({"../x.csv": CSV.encode()}), "带有路径"),
    "zip with two members": (".zip", zipped({"a.csv": CSV.encode(), "b.csv": CSV.encode()}), "2 个文件"),
    "empty zip": (".zip", zipped({}), "0 个文件"),
    "zip of a picture": (".zip", zipped({"a.png": b"x"}), "不是数据文件"),
    "xlsx that is text": (".xlsx", CSV.encode(), "不是完好的 .xlsx"),
    "cut xlsx": (".xlsx", workbook({"数据": SHEET})[:-200], "不是完好的 .xlsx"),
    "xlsx that is another zip": (".xlsx", zipped({"a.csv": CSV.encode()}), "不是完好的 .xlsx"),
    "xlsx without the sheet": (
        ".xlsx",
        workbook({"封面": [["报表"]], "其他": [["甲", "乙"]]}),
        "2 个工作表的前 10 行都不含全部必需列,已查看第1个工作表",
    ),
    "too many columns": (".csv", f"{HEADER}{',多' * 500}\n".encode(), "至多 500 列"),
    "empty xlsx": (".xlsx", workbook({"数据": []}), "没有表头"),
    "cut parquet": (".parquet", parquet({"id_no": [ID] * 100})[:-40], "Parquet"),
}


@pytest.mark.parametrize(("ending", "content", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_a_broken_file_is_refused_with_its_reason(inbox: Inbox, ending: str, content: bytes, says: str) -> None:
    inbox.put(NAME + ending, content)
    judged = inbox.judged()
    line = judged.line(NAME)
    assert line.state == "refused"
    assert says in (line.reason or "")
    assert line.rows_read == line.quarantined
    assert judged.rows("select count(*) from landing.nhc_elder_ability") == [(0,)]


def test_a_bomb_is_stopped_while_it_unpacks(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "RATIO_COUNTS_FROM", 2**20)
    inbox.put("nhc_elder_ability_20261001.csv.gz", gzip.compress(b"0" * 20 * 2**20))
    inbox.put("nhc_elder_ability_20261002.zip", zipped({"a.csv": b"0" * 20 * 2**20}))
    inbox.put("nhc_elder_ability_20261003.xlsx", zipped({"xl/workbook.xml": b"0" * 20 * 2**20}))
    assert [("大得不正常" in landed.fault or "不是完好" in landed.fault) for landed in inbox.landed()] == [True] * 3
    assert sum(p.stat().st_size for p in inbox.night.home.root.rglob("*") if p.is_file()) < 2**20


def test_a_sheet_of_endless_size_is_refused(inbox: Inbox) -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER.split(","))
        sheet.write(1_048_575, 16_383, "远")
    inbox.put(f"{NAME}.xlsx", content.getvalue())
    assert "超出可读范围" in inbox.landed()[0].fault


def test_an_id_stored_as_a_number_has_lost_digits_even_if_its_check_digit_fits(inbox: Inbox) -> None:
    rows = [[int(made_up_id(number)), 55, None, "2026-01-03"] for number in range(60) if not made_up_id(number).endswith("X")]
    inbox.put(f"{NAME}.xlsx", workbook({"数据": [HEADER.split(","), [ID, 1, None, "2026-01-03"], *rows]}))
    (landed,) = inbox.landed()
    assert landed.reasons == {"bad_id:id_no": len(rows)}
    assert landed.readable == 1


def test_truth_values_and_dates_of_a_workbook_are_read_natively(inbox: Inbox) -> None:
    header = ["身份证号", "学年", "学段", "学籍状态", "是否寄宿", "状态日期", "年学费住宿费"]
    rows = [
        [ID, 2026, "小学", "在读", True, datetime(2026, 9, 1, 8, 30), 0.1 + 0.2],
        [ID, "2025", "小学", "在读", "否", 46266, 1234.565],
    ]
    inbox.put("moe_student_20261001.xlsx", workbook({"数据": [header, *rows]}))
    (landed,) = inbox.landed()
    found = duckdb.execute(
        "select school_year, boarding, status_date, cast(tuition as varchar) from read_parquet(?)",
        [str(rows_file(inbox.night, landed))],
    ).fetchall()
    assert found == [(2026, True, date(2026, 9, 1), "0.30"), (2025, False, None, "1234.57")]
    assert landed.blanked_by == {"status_date": 1}


DIRTY = f"""{HEADER}
{ROW}

{ID},x,坏,
,,,
{ID},66
{ID},77,轻度失能,2026-01-04,多
{ID},"5
5",中度失能,2026-01-03
{ID},"5"坏,中度失能,2026-01-03
{ID},88,"没有闭合,2026-01-03
{ID},89,完好,2026/1/5
{ID},90,"A
B",2026/1/6
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_bad_lines_stand_alone_and_keep_their_numbers_and_their_text(inbox: Inbox, line_end: str) -> None:
    inbox.put(f"{NAME}.csv", DIRTY.replace("\n", line_end))
    (landed,) = inbox.landed()
    assert [(row, reasons) for row, reasons, _ in inbox.quarantine(landed)] == [
        (4, "bad_number:score;missing:assessed_on"),
        (6, "missing:assessed_on"),
        (7, "bad_line"),
        (8, "bad_number:score"),
        (9, "bad_line"),
        (10, "bad_line"),
    ]
    raw = {row: kept for row, _, kept in inbox.quarantine(landed)}
    assert raw[7] == {"line": f"{ID},77,轻度失能,2026-01-04,多"}
    assert raw[10] == {"line": f'{ID},88,"没有闭合,2026-01-03'}
    assert raw[4] == {"身份证号": ID, "评估总分": "x", "能力等级": "坏", "评估日期": None}
    assert (landed.rows_read, landed.readable, landed.quarantined, landed.blanked_by) == (9, 3, 6, {"ability": 2})
    rows = duckdb.execute("select _row, score from read_parquet(?)", [str(rows_file(inbox.night, landed))]).fetchall()
    assert rows == [(2, 55), (11, 89), (12, 90)]


@pytest.mark.parametrize("broken", ['"一\n(""二"")"', '"一\n二"', '"一\n,,\n二"', '"一\n\n""二""\n"'])
def test_a_broken_cell_in_the_first_column_stays_one_record_beside_a_bad_line(inbox: Inbox, broken: str) -> None:
    header = "cause,id_no,died_on"
    plain = [f"病,{made_up_id(n)},2026-01-03" for n in range(5)]
    twice = [f"{broken},{made_up_id(n)},2026-01-03" for n in (5, 6)]
    inbox.put("nhc_death_20261001.csv", "\n".join([header, *plain, *twice, f"病,{made_up_id(7)},2026-01-03,多"]) + "\n")
    (landed,) = inbox.landed()
    assert (landed.rows_read, landed.readable, landed.reasons) == (8, 7, {"bad_line": 1})
    found = duckdb.execute("select cause, _row from read_parquet(?) where _row > 6", [str(rows_file(inbox.night, landed))])
    assert found.fetchall() == [(broken[1:-1].replace('""', '"').strip(), row) for row in (7, 8)]


def test_titles_above_the_header_of_a_sheet_do_not_move_row_numbers(inbox: Inbox) -> None:
    rows = [["老年人能力评估"], [], ["填报单位", "某局"], *SHEET, [ID, 56, "中度失能", datetime(2026, 1, 4)], ["坏", 1, "", ""]]
    inbox.put(f"{NAME}.xlsx", workbook({"数据": rows}))
    (landed,) = inbox.landed()
    found = duckdb.execute("select _row, score from read_parquet(?)", [str(rows_file(inbox.night, landed))]).fetchall()
    assert found == [(5, 55), (6, 56)]
    assert [row for row, _, _ in inbox.quarantine(landed)] == [7]


def test_a_header_below_the_tenth_row_is_not_looked_for(inbox: Inbox) -> None:
    inbox.put(f"{NAME}.xlsx", workbook({"数据": [["标题"]] * 10 + SHEET}))
    (landed,) = inbox.landed()
    assert "前 10 行" in landed.fault


def test_one_open_quote_costs_one_line_of_a_large_file(inbox: Inbox) -> None:
    lines = [f"{ID},{n % 100},,2026-01-03" for n in range(100_000)]
    lines[50_000] = f'{ID},1,"开,2026-01-03'
    inbox.put(f"{NAME}.csv", "\n".join([HEADER, *lines]))
    (landed,) = inbox.landed()
    assert (landed.rows_read, landed.readable, landed.reasons) == (100_000, 99_999, {"bad_line": 1})
    assert inbox.quarantine(landed)[0][0] == 50_002


def test_a_cell_of_a_megabyte_is_kept_whole(inbox: Inbox) -> None:
    long = "长" * 1_000_000
    inbox.put("mca_funeral_20261001.csv", f"逝者身份号码,姓名,死亡日期\n{ID},{long},2026-01-01\n{ID},{long},坏\n")
    (landed,) = inbox.landed()
    assert (landed.readable, landed.quarantined) == (1, 1)
    assert inbox.quarantine(landed)[0][2]["姓名"] == long


def test_a_million_bad_rows_are_kept_in_order(inbox: Inbox) -> None:
    inbox.put("mca_funeral_20261001.csv", "逝者身份号码,姓名,死亡日期\n" + "坏,某人,2026-01-01\n" * 1_000_000)
    line = inbox.judged().line("mca_funeral_20261001")
    assert (line.state, line.rows_read, line.quarantined) == ("refused", 1_000_000, 1_000_000)
    (landed,) = landed_before(inbox.night, read_arrivals(inbox.night))
    path = inbox.night.home.landing / f"{landed.stem}.quarantine.parquet"
    assert duckdb.execute(
        "select count(*), min(row), max(row), count(distinct row) from read_parquet(?)", [str(path)]
    ).fetchall() == [(1_000_000, 2, 1_000_001, 1_000_000)]


def test_columns_beyond_the_contract_are_reported_and_absent_optional_ones_are_empty(inbox: Inbox) -> None:
    inbox.put(f"{NAME}.csv", f"身份证号,评估总分,评估日期,备注,\n{ID},55,2026-01-03,无,\n")
    judged = inbox.judged()
    assert judged.line(NAME).state == "in_force"
    remarks = [row[0] for row in judged.rows("select remark from deliveries.remark order by 1")]
    assert remarks == ["约定之外的列已忽略:共1列(第 4 列)", "缺少可选列,按空处理:能力等级"]


def test_a_landed_file_is_not_read_again(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.put(f"{NAME}.csv", CSV)
    first = inbox.landed()
    monkeypatch.setattr("monitor.sources.landing.prepare", lambda *given: pytest.fail("read again"))
    assert inbox.landed() == first
    assert landed_before(inbox.night, arrive(inbox.night)) == first


def test_a_landing_of_another_contract_is_made_anew(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.put(f"{NAME}.csv", CSV)
    first = inbox.landed()
    monkeypatch.setattr("monitor.sources.landing.contract_hash", lambda name: "changed")
    assert inbox.landed()[0].contract == "changed" != first[0].contract


def test_a_crash_before_the_counts_are_written_leaves_nothing_that_is_believed(inbox: Inbox) -> None:
    inbox.put(f"{NAME}.csv", CSV)
    (landed,) = inbox.landed()
    rows_file(inbox.night, landed).unlink()
    arrivals = arrive(inbox.night)
    with pytest.raises(NightCannotStand, match=r"还没有读入.*请 从读入这一步起重新运行"):
        landed_before(inbox.night, arrivals)
    assert land(inbox.night, arrivals) == [landed]
    assert rows_file(inbox.night, landed).is_file()


def test_a_file_that_changes_under_the_reader_stops_the_night(inbox: Inbox) -> None:
    path = inbox.put(f"{NAME}.csv", CSV)
    arrivals = arrive(inbox.night)
    path.write_text(CSV + ROW + "\n", encoding="utf-8")
    with pytest.raises(NightCannotStand, match=r"读取过程中文件被改动.*请 等文件传完"):
        land(inbox.night, arrivals)


def test_no_cell_gets_into_the_counts(inbox: Inbox) -> None:
    inbox.put(f"{NAME}.csv", DIRTY)
    (landed,) = inbox.landed()
    sidecar = (inbox.night.home.landing / f"{landed.stem}.json").read_text(encoding="utf-8")
    assert ID not in sidecar
    assert "没有闭合" not in sidecar


@pytest.fixture(scope="module")
def large_file() -> str:
    lines = [f"{made_up_id(n % 1000)},{n % 100},{'坏' if n % 7 == 0 else ''},2026-01-{n % 28 + 1:02d}" for n in range(150_000)]
    for at in range(0, 150_000, 10_000):
        lines[at] = "坏,1,,2026-01-01"
    lines[70_001] = f'"{ID}",1,"两\n行",2026-01-01'
    return "\n".join([HEADER, *lines])


def test_row_numbers_and_bytes_do_not_depend_on_threads(make_inbox: Callable[..., Inbox], large_file: str) -> None:
    seen: list[dict[str, bytes]] = []
    for threads in (1, 2, 4):
        inbox = make_inbox(threads=threads)
        inbox.put(f"{NAME}.csv", large_file)
        inbox.put(f"{NAME}_b.csv", "\n".join(large_file.split("\n")[:50_000]))
        for old in inbox.night.home.landing.rglob("*.*"):
            old.unlink()
        landed, _ = inbox.landed()
        assert [row for row, _, _ in inbox.quarantine(landed)] == [at + 2 for at in range(0, 150_000, 10_000)]
        folder: Path = inbox.night.home.landing
        seen.append({str(p.relative_to(folder)): p.read_bytes() for p in folder.glob("*/*.*")})
    assert len(seen[0]) == 6
    assert seen[0] == seen[1] == seen[2]
    order = duckdb.execute(
        "select count(*), bool_and(score = (_row - 2) % 100 or _row = 70003), bool_and(_row > coalesce(before, 1))"
        " from (select *, lag(_row) over (order by file_row_number) as before from read_parquet(?, file_row_number = true))",
        [str(rows_file(inbox.night, landed))],
    ).fetchall()
    assert order == [(149_985, True, True)]
