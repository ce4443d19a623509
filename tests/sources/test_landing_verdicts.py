"""Which deliveries count: names, refusals, replacement, freshness. Mostly tiny files, judged end to end."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

import pytest
from landing_inbox import Inbox, made_up_id

from monitor.contracts import extracts
from monitor.errors import NothingArrived
from monitor.sources import arrive, read_arrivals
from monitor.sources.verdicts import verdicts

FULL = "身份证号,评估总分,能力等级,评估日期\n"  # nhc_elder_ability: full, key id_no
DELTA = "逝者身份号码,姓名,死亡日期\n"  # mca_funeral: delta, key id_no
MONTHLY = "身份证号码,补贴项目,发放月份,发放批次,发放金额,发放状态\n"  # mca_payment: monthly delta


def full(*numbers: int, score: int = 55, bad: int = 0) -> str:
    return FULL + "".join(f"{made_up_id(n)},{score},,2026-01-03\n" for n in numbers) + "坏,1,,2026-01-01\n" * bad


def delta(*numbers: int, day: str = "2026-01-03", bad: int = 0) -> str:
    return DELTA + "".join(f"{made_up_id(n)},某人,{day}\n" for n in numbers) + "坏,,2026-01-01\n" * bad


def paid(*numbers: int) -> str:
    return MONTHLY + "".join(f"{made_up_id(n)},城市低保,202601,1,100,成功\n" for n in numbers)


def states(inbox: Inbox) -> dict[str, str]:
    return {line.delivery: line.state for line in inbox.judged().judgement.ledger}


IGNORED = {
    "notes.txt": "文件名不合约定",
    "~$mof_payroll_20261001.xlsx": "文件名不合约定",
    "mof_payroll.xlsx": "文件名不合约定",
    "mof_payroll_2026101.csv": "文件名不合约定",
    "mof_payrolls_20261001.csv": "没有约定过",
    "mof_payroll_20261301.csv": "日期不存在",
    "mof_payroll_20261102.csv": "晚于本次数据日",
    "mof_payroll_20261001_a b.csv": "文件名不合约定",
}


@pytest.mark.parametrize(("name", "says"), IGNORED.items())
def test_a_file_that_is_no_delivery_of_tonight_is_left_aside_and_named(inbox: Inbox, name: str, says: str) -> None:
    inbox.put(name, "x")
    inbox.put("nhc_elder_ability_20261001.csv", full(1))
    judged = inbox.judged()
    assert [(i.file, says in i.reason) for i in judged.arrivals.ignored] == [(name, True)]
    assert judged.rows("select file from deliveries.ignored") == [(name,)]
    assert len(judged.judgement.ledger) == 1


def test_links_and_folders_are_not_followed(inbox: Inbox, tmp_path: os.PathLike[str]) -> None:
    real = inbox.put("nhc_elder_ability_20261001.csv", full(1))
    (inbox.folder / "nhc_elder_ability_20261002.csv").symlink_to(real)
    (inbox.folder / "nhc_elder_ability_20261003.csv").mkdir()
    arrivals = arrive(inbox.night)
    assert [d.name for d in arrivals.deliveries] == ["nhc_elder_ability_20261001"]
    assert len(arrivals.ignored) == 2


def test_of_one_name_with_two_endings_the_later_modified_file_counts(inbox: Inbox) -> None:
    inbox.put("nhc_elder_ability_20261001.csv", full(1, 2), changed=2_000)
    inbox.put("nhc_elder_ability_20261001.csv.gz", b"broken", changed=1_000)
    assert states(inbox) == {"nhc_elder_ability_20261001": "in_force"}
    inbox.put("nhc_elder_ability_20261001.csv.gz", b"broken", changed=3_000)
    assert states(inbox) == {"nhc_elder_ability_20261001": "refused"}


def test_the_arrivals_of_a_night_can_be_read_again(inbox: Inbox) -> None:
    inbox.put("nhc_elder_ability_20261001_a.csv", full(1))
    inbox.put("notes.txt", "x")
    assert arrive(inbox.night) == read_arrivals(inbox.night)


@pytest.mark.parametrize("names", [[], ["notes.txt"], ["mof_payroll_20261102.csv"]])
def test_without_any_delivery_the_night_ends_with_13(inbox: Inbox, names: list[str]) -> None:
    for name in names:
        inbox.put(name, "x")
    with pytest.raises(NothingArrived) as caught:
        arrive(inbox.night)
    assert caught.value.exit_code == 13


def test_a_missing_inbox_is_nothing_arrived(inbox: Inbox) -> None:
    inbox.folder.rmdir()
    with pytest.raises(NothingArrived, match="inbox"):
        arrive(inbox.night)


@pytest.mark.parametrize(("good", "bad", "state"), [(8, 2, "in_force"), (7, 2, "refused"), (0, 3, "refused")])
def test_more_than_a_fifth_of_bad_rows_refuses_the_delivery(inbox: Inbox, good: int, bad: int, state: str) -> None:
    inbox.put("mca_funeral_20261001.csv", delta(*range(good), bad=bad))
    judged = inbox.judged()
    line = judged.line("mca_funeral_20261001")
    assert line.state == state
    assert line.quarantined == (good + bad if state == "refused" else bad)
    assert ("20%" in (line.reason or "")) == (state == "refused")


def test_one_bad_part_refuses_the_whole_day_and_says_which(inbox: Inbox) -> None:
    inbox.put("nhc_elder_ability_20261001_a.csv", full(1, 2))
    inbox.put("nhc_elder_ability_20261001_b.csv", full(3, bad=3))
    judged = inbox.judged()
    assert [line.state for line in judged.judgement.refused] == ["refused", "refused"]
    assert "nhc_elder_ability_20261001_b" in (judged.line("nhc_elder_ability_20261001_a").reason or "")
    assert judged.line("nhc_elder_ability_20261001_a").quarantined == 2
    assert judged.rows("select count(*) from landing.nhc_elder_ability") == [(0,)]


@pytest.mark.parametrize(("rows", "state"), [(5, "in_force"), (4, "refused"), (0, "refused")])
def test_a_full_delivery_of_less_than_half_is_refused(inbox: Inbox, rows: int, state: str) -> None:
    inbox.put("nhc_elder_ability_20261001.csv", full(*range(10)))
    inbox.put("nhc_elder_ability_20261002.csv", full(*range(rows)))
    judged = inbox.judged()
    assert judged.line("nhc_elder_ability_20261002").state == state
    assert judged.line("nhc_elder_ability_20261001").state == ("replaced" if state == "in_force" else "in_force")
    assert judged.rows("select count(*) from landing.nhc_elder_ability") == [(rows if state == "in_force" else 10,)]


def test_doubled_keys_count_when_sizes_are_compared(inbox: Inbox) -> None:
    inbox.put("nhc_elder_ability_20261001.csv", full(*range(10)))
    inbox.put("nhc_elder_ability_20261002.csv", full(1, 1, 1, 1, 1))
    line = inbox.judged().line("nhc_elder_ability_20261002")
    assert (line.state, line.loaded, line.superseded) == ("in_force", 1, 4)


@pytest.mark.parametrize("named", ["nhc_elder_ability_20261002", "nhc_elder_ability_20261002_b"])
def test_an_operator_can_accept_a_delivery_that_shrank(make_inbox: Callable[..., Inbox], named: str) -> None:
    inbox = make_inbox(accept_deliveries=(named,))
    inbox.put("nhc_elder_ability_20261001.csv", full(*range(10)))
    inbox.put("nhc_elder_ability_20261002_a.csv", full(1))
    inbox.put("nhc_elder_ability_20261002_b.csv", full(2))
    inbox.put("nhc_elder_ability_20261003.csv", full(3))
    assert states(inbox) == {
        "nhc_elder_ability_20261001": "replaced",
        "nhc_elder_ability_20261002_a": "replaced",
        "nhc_elder_ability_20261002_b": "replaced",
        "nhc_elder_ability_20261003": "in_force",
    }


def test_the_first_full_delivery_without_a_readable_row_is_refused_but_an_empty_delta_is_not(inbox: Inbox) -> None:
    inbox.put("nhc_elder_ability_20261001.csv", FULL)
    inbox.put("mca_funeral_20261001.csv", DELTA)
    assert states(inbox) == {"nhc_elder_ability_20261001": "refused", "mca_funeral_20261001": "in_force"}


def test_an_empty_part_does_no_harm_when_the_parts_together_hold_rows(inbox: Inbox) -> None:
    inbox.put("nhc_elder_ability_20261001_a.csv", FULL)
    inbox.put("nhc_elder_ability_20261001_b.csv", full(1))
    assert set(states(inbox).values()) == {"in_force"}


def test_the_rows_of_a_replaced_delivery_are_superseded_and_its_quarantine_stays(inbox: Inbox) -> None:
    inbox.put("nhc_elder_ability_20261001.csv", full(*range(10), bad=1))
    inbox.put("nhc_elder_ability_20261002.csv", full(*range(10)))
    line = inbox.judged().line("nhc_elder_ability_20261001")
    assert (line.state, line.rows_read, line.loaded, line.superseded, line.quarantined) == ("replaced", 11, 0, 10, 1)


def test_a_refusal_by_itself_makes_nothing_stale(inbox: Inbox) -> None:
    inbox.put("mca_funeral_20261020.csv", delta(1))
    inbox.put("mca_funeral_20261030.csv", b"\xff")
    judged = inbox.judged()
    assert judged.rows(
        "select newest_delivery, age_days, is_stale from deliveries.freshness where extract = 'mca_funeral'"
    ) == [(date(2026, 10, 20), 12, False)]


@pytest.mark.parametrize(("day", "is_stale"), [("20261002", False), ("20261001", True)])
def test_an_extract_is_stale_when_it_is_older_than_agreed(inbox: Inbox, day: str, is_stale: bool) -> None:
    inbox.put(f"mca_funeral_{day}.csv", delta(1))  # 30 days
    assert inbox.judged().rows("select is_stale from deliveries.freshness where extract = 'mca_funeral'") == [(is_stale,)]


def test_every_extract_has_a_freshness_and_a_view_even_if_nothing_came(inbox: Inbox) -> None:
    inbox.put("mca_funeral_20261020.csv", delta(1))
    judged = inbox.judged()
    assert judged.rows("select count(*), count(*) filter (is_stale) from deliveries.freshness") == [(33, 32)]
    assert len(judged.judgement.stale) == 32
    for name, contract in extracts().items():
        described = {row[0]: row[1] for row in judged.rows(f"describe landing.{name}")}
        assert [described[c.name].lower() for c in contract.columns] == [c.sql_type for c in contract.columns]
        assert (described["_delivered_on"], described["_part"], described["_row"]) == ("DATE", "VARCHAR", "BIGINT")
        assert all(described[f"{c.name}_key"] == "BIGINT" for c in contract.columns if c.kind == "id")


def test_an_empty_monthly_delta_dates_nothing_but_an_empty_daily_one_does(make_inbox: Callable[..., Inbox]) -> None:
    inbox = make_inbox(accept_deliveries=("nhc_elder_ability_20261020",))
    for day, rows in (("20261001", (1,)), ("20261020", ())):
        inbox.put(f"mca_payment_{day}.csv", paid(*rows))
        inbox.put(f"nhc_death_{day}.csv", "身份证号,死亡日期\n" + "".join(f"{made_up_id(n)},20260101\n" for n in rows))
        inbox.put(f"nhc_elder_ability_{day}.csv", full(*rows))
    inbox.put("mca_payment_20261021_a.csv", paid())
    inbox.put("mca_payment_20261021_b.csv", paid(2))
    judged = inbox.judged()
    assert {line.state for line in judged.judgement.ledger if line.extract != "nhc_elder_ability"} == {"in_force"}
    assert judged.rows("select extract, e from deliveries.dates where e is not null order by 1") == [
        ("mca_payment", date(2026, 10, 21)),
        ("nhc_death", date(2026, 10, 20)),
        ("nhc_elder_ability", date(2026, 10, 20)),
    ]
    assert judged.rows("select newest_delivery from deliveries.freshness where extract = 'mca_payment'") == [
        (date(2026, 10, 21),)
    ]


def test_nothing_arrived_is_no_verdict() -> None:
    assert verdicts([]) == []
