"""What a file holds in place of a header, a title or a name never reaches a message, a count or a table."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from landing_inbox import Inbox, made_up_id

from monitor.sources import arrive
from monitor.sources.arrivals import safe_name

NAME = "nhc_elder_ability_20261001"
HEADER = ["身份证号", "评估总分", "能力等级", "评估日期"]
ID = made_up_id(1)
PERSON = [ID, "王某某", "13800001111", "某村1号"]
SECRETS = [ID, "王某某", "13800001111", "某村1号"]


def workbook(title: str, rows: list[list[str]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return content.getvalue()


def zipped(names: list[str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


def parquet(names: list[str]) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table([["x"]] * len(names), names=names), content)
    return content.getvalue()


GOOD = [ID, "55", "", "2026-01-03"]
TELLING: dict[str, tuple[str, bytes]] = {
    "no header row": (".csv", "\n".join([",".join(PERSON)] * 2).encode()),
    "no header row in a sheet": (".xlsx", workbook("数据", [PERSON, PERSON])),
    "sheet titles": (".xlsx", workbook(f"王某某{ID}"[:31], [["甲"], PERSON])),
    "sheet title of a good sheet": (".xlsx", workbook(f"王某某{ID}"[:31], [HEADER, GOOD])),
    "column names of a Parquet file": (".parquet", parquet(PERSON)),
    "columns beyond the contract": (".csv", (",".join(HEADER + PERSON) + "\n" + ",".join(GOOD) + "\n").encode()),
    "a doubled column beside unknown ones": (".csv", ",".join([*HEADER, *PERSON, "score"]).encode()),
    "a member of a zip": (".zip", zipped([f"王某某{ID}.txt"])),
    "members of a zip": (".zip", zipped([f"王某某{ID}.csv", "13800001111.csv"])),
    "a member in a folder": (".zip", zipped([f"某村1号/王某某{ID}.csv"])),
}


@pytest.mark.parametrize(("ending", "content"), TELLING.values(), ids=TELLING.keys())
def test_no_unknown_name_leaves_a_file(inbox: Inbox, ending: str, content: bytes) -> None:
    inbox.put(NAME + ending, content)
    judged = inbox.judged()
    counts = "".join(p.read_text(encoding="utf-8") for p in inbox.night.home.landing.rglob("*.json"))
    tables = "".join(str(judged.rows(f"from deliveries.{name}")) for name in ("ledger", "remark", "ignored"))
    told = counts + tables + repr(judged.landed)
    assert [secret for secret in SECRETS if secret in told] == []
    assert judged.judgement.ledger


def test_a_refusal_names_the_columns_it_knows_and_counts_the_others(inbox: Inbox) -> None:
    inbox.put(f"{NAME}.csv", f"评估日期,身份证号,{','.join(PERSON)}\n")
    assert inbox.judged().line(NAME).reason == (
        "缺少必需的列:评估总分;认出的列有 评估日期、身份证号,另有4个约定以外的列名;请按约定补齐列名后重新报送"
    )


def test_a_missing_header_row_is_suspected(inbox: Inbox) -> None:
    inbox.put(f"{NAME}.csv", ",".join(PERSON) + "\n")
    assert "第一行没有一个约定的列名(可能漏了表头),另有4个约定以外的列名" in (inbox.judged().line(NAME).reason or "")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (f"{NAME}_王某某{ID}.csv", f"{NAME[:-8]}20261001_……" + (".csv" if ID[-1] != "X" else "X.csv")),
        (f"{NAME}_{ID[:17]}.csv", "nhc_elder_ability_20261001_….csv"),
        (f"{NAME}_13800001111.csv", "nhc_elder_ability_20261001_….csv"),
        (f"{NAME}_a13800001111.csv", "nhc_elder_ability_20261001_a….csv"),
        (f"{NAME}_{'a' * 21}.csv", f"{NAME}_{'a' * 21}.csv"),
        (f"{NAME}_甲.csv", f"{NAME}_….csv"),
        ("nhc_elder_ability_２０２６1001.csv", "nhc_elder_ability_…1001.csv"),
        (f"zhang_{ID[:17]}_20261001.csv", "zhang_…_20261001.csv"),
        ("a\x1b[31m\n.csv", "a…[31m….csv"),
    ],
)
def test_a_name_that_may_tell_of_a_person_is_no_delivery_and_is_shown_without_it(inbox: Inbox, name: str, shown: str) -> None:
    inbox.put(name, "x")
    inbox.put(f"{NAME}.csv", "x")
    arrivals = arrive(inbox.night)
    assert [i.file for i in arrivals.ignored] == [shown]
    assert [d.name for d in arrivals.deliveries] == [NAME]
    assert not any(secret in arrivals.ignored[0].reason for secret in (*SECRETS, ID[:17]))


@pytest.mark.parametrize("part", ["1", "a", "A-1_b", "530622", "1234567890", "a" * 20])
def test_an_ordinary_part_is_taken(inbox: Inbox, part: str) -> None:
    inbox.put(f"{NAME}_{part}.csv", "x")
    assert [d.part for d in arrive(inbox.night).deliveries] == [part]


def test_a_name_that_is_no_text_does_not_stop_the_night(inbox: Inbox) -> None:
    inbox.put(f"{NAME}.csv", ",".join(HEADER) + "\n" + ",".join(GOOD) + "\n")
    Path(os.fsdecode(os.fsencode(inbox.folder / f"{NAME}_") + b"\xff\xfe.csv")).write_bytes(b"x")
    judged = inbox.judged()
    assert judged.rows("select file from deliveries.ignored") == [(f"{NAME}_….csv",)]
    assert judged.line(NAME).state == "in_force"


def test_a_safe_name_keeps_dates_and_drops_longer_numbers() -> None:
    assert safe_name("a_20261001_123456789.csv") == "a_20261001_….csv"
