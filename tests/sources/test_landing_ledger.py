"""Same key twice: who wins, who is superseded; and that no row is ever lost, whatever a file holds."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from landing_inbox import Inbox, made_up_id

from monitor.errors import PromiseBroken
from monitor.run import Night
from monitor.settings import Settings
from monitor.sources import arrive, doubled, judge, land, landed_before, read_arrivals

HEADER = "工单编号,服务对象身份号码,服务类型,点单日期,满意度\n"  # mca_service_order: delta, key order_no
ID = made_up_id(1)


def orders(*rows: tuple[str, str]) -> str:
    return HEADER + "".join(f"{number},{ID},助餐,2026-01-01,{mark}\n" for number, mark in rows)


def in_force(judged: Any) -> list[tuple[str, int]]:
    return judged.rows("select order_no, satisfaction from landing.mca_service_order order by 1")  # type: ignore[no-any-return]


def test_the_newer_delivery_wins(inbox: Inbox) -> None:
    inbox.put("mca_service_order_20261002.csv", orders(("A", "2")))
    inbox.put("mca_service_order_20261001.csv", orders(("A", "1"), ("B", "1")))
    judged = inbox.judged()
    assert in_force(judged) == [("A", 2), ("B", 1)]
    line = judged.line("mca_service_order_20261001")
    assert (line.state, line.loaded, line.superseded) == ("in_force", 1, 1)


def test_inside_a_delivery_the_later_part_wins_then_the_last_row(inbox: Inbox) -> None:
    inbox.put("mca_service_order_20261001_b.csv", orders(("A", "3"), ("A", "4")))
    inbox.put("mca_service_order_20261001_a.csv", orders(("A", "1"), ("B", "1"), ("B", "5")))
    judged = inbox.judged()
    assert in_force(judged) == [("A", 4), ("B", 5)]
    assert judged.line("mca_service_order_20261001_a").superseded == 2


def test_doubled_keys_are_found_in_several_goes_too(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox.put("mca_service_order_20261001.csv", orders(*[(str(n % 7), str(n % 5 + 1)) for n in range(10)]))
    once = in_force(inbox.judged())
    monkeypatch.setattr(doubled, "HASHES_AT_ONCE", 2)
    again = inbox.judged()
    assert in_force(again) == once == [(str(n), (n + 7 if n < 3 else n) % 5 + 1) for n in range(7)]
    assert again.line("mca_service_order_20261001").superseded == 3


def test_two_parts_of_the_same_content_are_two_files(inbox: Inbox) -> None:
    for part in "ab":
        inbox.put(f"mca_service_order_20261001_{part}.csv", orders(("A", "1")))
    judged = inbox.judged()
    assert in_force(judged) == [("A", 1)]
    assert [(line.loaded, line.superseded) for line in judged.judgement.ledger] == [(0, 1), (1, 0)]


def test_a_quarantined_row_supersedes_nothing(inbox: Inbox) -> None:
    inbox.put("mca_service_order_20261001.csv", orders(*[(str(n), "1") for n in range(8)]) + "0,坏,助餐,2026-01-01,9\n")
    judged = inbox.judged()
    assert in_force(judged)[0] == ("0", 1)
    line = judged.line("mca_service_order_20261001")
    assert (line.loaded, line.superseded, line.quarantined) == (8, 0, 1)


def test_a_refused_delivery_supersedes_nothing(inbox: Inbox) -> None:
    inbox.put("mca_service_order_20261001.csv", orders(("A", "1")))
    inbox.put("mca_service_order_20261002.csv", orders(("A", "2")) + "A,坏,助餐,2026-01-01,9\n")
    judged = inbox.judged()
    assert in_force(judged) == [("A", 1)]
    assert judged.line("mca_service_order_20261002").blanked == 0


def test_an_empty_key_cell_is_a_value_like_any_other(inbox: Inbox) -> None:
    header = "权利人身份号码,不动产单元号,用途\n"
    disaster = "户主身份号码,灾种,受灾日期,直接经济损失\n"
    inbox.put(
        "mem_disaster_20261001.csv", disaster + f"{ID},洪涝,2026-01-01,1\n{ID},火灾,2026-01-01,2\n{ID},洪涝,2026-01-01,3\n"
    )
    inbox.put("mnr_realestate_20261001.csv", header + f"{ID},U1,住宅\n{made_up_id(2)},U1,住宅\n")
    judged = inbox.judged()
    assert judged.rows("select cast(loss as int) from landing.mem_disaster order by 1") == [(2,), (3,)]
    assert judged.rows("select count(*) from landing.mnr_realestate") == [(2,)]


def test_blanked_cells_are_counted_in_readable_rows_only(inbox: Inbox) -> None:
    rows = [(str(n), "1") for n in range(8)] + [("8", "坏"), ("9", "无")]
    inbox.put("mca_service_order_20261001.csv", orders(*rows) + f",{ID},助餐,2026-01-01,坏\n")
    line = inbox.judged().line("mca_service_order_20261001")
    assert (line.loaded, line.quarantined, line.blanked) == (10, 1, 1)


def test_records_dated_after_the_as_of_date_are_in_force(inbox: Inbox) -> None:
    inbox.put("mca_service_order_20261001.csv", orders(("A", "1")).replace("2026-01-01", "2030-01-01"))
    assert inbox.judged().rows("select ordered_on from landing.mca_service_order") == [(date(2030, 1, 1),)]


def test_judging_again_from_what_is_on_disk_gives_the_same(inbox: Inbox) -> None:
    inbox.put("mca_service_order_20261001.csv", orders(("A", "1"), ("A", "2")))
    judged = inbox.judged()
    arrivals = read_arrivals(inbox.night)
    assert judge(judged.connection, inbox.night, arrivals, landed_before(inbox.night, arrivals)) == judged.judgement
    assert judged.rows("select count(*) from deliveries.superseded") == [(1,)]


def test_a_ledger_that_does_not_add_up_stops_the_run(inbox: Inbox) -> None:
    inbox.put("mca_service_order_20261001.csv", orders(("A", "1"), ("B", "1")))
    arrivals = arrive(inbox.night)
    (landed,) = land(inbox.night, arrivals)
    wrong = type(landed)(**{**landed.__dict__, "rows_read": 3})
    with inbox.night.connect() as connection, pytest.raises(PromiseBroken, match="3 rows read"):
        judge(connection, inbox.night, arrivals, [wrong])


CELL = st.one_of(
    st.sampled_from(
        [
            "A",
            "B",
            "C",
            ID,
            made_up_id(2),
            "助餐",
            "meal",
            "2026-01-01",
            "20260102",
            "坏",
            "",
            "无",
            "-",
            "5",
            "五",
            '"',
            ' "x" ',
            "\u3000",
        ]
    ),
    st.text(alphabet='aA1,"\n\r ;\t无　Ａ', max_size=6),
)
GOOD = st.sampled_from(["A", "B", "C", "D"]).map(lambda number: f"{number},{ID},助餐,2026-01-01,1")
LINE = st.one_of(GOOD, GOOD, GOOD, st.lists(CELL, max_size=7).map(",".join), st.just(""), st.just(",,,,"), st.text(max_size=12))
FILE = st.lists(LINE, max_size=25).map(lambda lines: HEADER + "\n".join(lines))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(contents=st.lists(FILE, min_size=1, max_size=3))
def test_every_ledger_balances_whatever_the_files_hold(contents: list[str]) -> None:
    home = Path(tempfile.mkdtemp())
    try:
        night = Night(Settings(home=home, threads=1, memory_limit_mb=512), date(2026, 11, 1))
        night.begin()
        night.settings.inbox_folder.mkdir()
        for day, content in enumerate(contents, start=1):
            path = night.settings.inbox_folder / f"mca_service_order_202610{day:02d}.csv"
            path.write_bytes(content.encode("utf-8", errors="replace"))
        arrivals = arrive(night)
        landed = land(night, arrivals)
        with night.connect() as connection:
            ledger = judge(connection, night, arrivals, landed).ledger
            rows = connection.execute("select count(*), count(distinct order_no) from landing.mca_service_order").fetchone()
        assert all(line.rows_read == line.loaded + line.superseded + line.quarantined for line in ledger)
        assert all(found.rows_read == found.readable + found.quarantined for found in landed)
        assert rows == (sum(line.loaded for line in ledger),) * 2
    finally:
        shutil.rmtree(home)
