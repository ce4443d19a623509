"""What a township gets, and what only the county office gets."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from case_nights import Hit, Home, Night, Nights, citizen

from monitor.lists import ListSummary, files, write_lists
from monitor.privacy import is_visit_code
from monitor.settings import Settings
from monitor.store import connect

DAY = "2026-11-20"
KEY = bytes(32)
ROUTES = {"A": "申请低保", "B": "申请低保", "C": "残疾人补贴", "P": "限期办理"}
ASKS = {"A": "谁在治病?", "B": "还欠多少?"}
HEADER = [
    *("工单编号", "优先序", "颜色", "状态", "办理期限", "村（居）", "户主", "身份证号", "联系电话", "住址", "人数", "原因"),
    *("可能适用的政策", "询问要点", "迟到部门", "核查结果", "核查日期", "核查人", "情况说明"),
    *("排序说明", "核验码"),
]
NEAR = ("530622001001", "530622001", "530622", "rural")
HILL = ("530622001002", "530622001", "530622", "rural")
TOWN = ("530622002001", "530622002", "530622", "urban")


def written(night: Night, outbox: Path, day: str = DAY) -> ListSummary:
    return write_lists(night.connection, outbox, date.fromisoformat(day), ROUTES, ASKS, KEY)


def rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(text.split("\r\n")[:-1]))


def test_each_township_has_one_file_and_reviews_and_supervision_lie_apart(tmp_path: Path) -> None:
    homes = [Home("H:1", (1,), NEAR), Home("H:2", (2,), TOWN)]
    hits = [Hit("A", 1), Hit("A", 2), Hit("R", 1, "high", "integrity"), Hit("P", 2, "low", "process")]
    summary = written(Nights(tmp_path / "n").night(DAY, hits, homes), tmp_path / "out")
    found = sorted(p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*.csv"))
    assert found == [
        "530622/530622001.csv",
        "530622/530622002.csv",
        "530622/reviews/530622001.csv",
        "530622/supervision.csv",
    ]
    assert summary == ListSummary(files=4, listed=3, visits=2, audits=0, reviews=1, supervision=1, left_off={})


def test_a_line_tells_the_visitor_all_there_is_to_know(tmp_path: Path) -> None:
    hits = [
        Hit("A", 2, "high", reason="自付2.1万元"),
        Hit("B", "H:1", "medium", reason="收入低"),
        Hit("C", 1, "low", reason="残疾"),
    ]
    night = Nights(tmp_path / "n").night(
        DAY, hits, names={1: "甲某", 2: "乙某"}, phones={1: "13800000001"}, addresses={1: "莲塘3组"}
    )
    written(night, tmp_path / "out")
    content = (tmp_path / "out/530622/530622001.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\n") == content.count(b"\r\n") == 2
    (row,) = rows(tmp_path / "out/530622/530622001.csv")
    assert list(row) == HEADER
    assert is_visit_code(KEY, row.pop("核验码"))
    assert row.pop("排序说明").startswith("红色优先；分值9 ")
    assert row == dict.fromkeys(HEADER[:-2], "") | {
        "工单编号": "V530622-20261120-0001",
        "优先序": "1",
        "颜色": "红",
        "状态": "新增",
        "办理期限": "2026-11-25",
        "村（居）": "莲塘社区",
        "户主": "甲某",
        "身份证号": "*" * 14 + citizen(1)[-4:],
        "联系电话": "'13800000001",
        "住址": "莲塘3组",
        "人数": "2",
        "原因": "乙某：自付2.1万元；收入低；甲某：残疾",
        "可能适用的政策": "申请低保；残疾人补贴",
        "询问要点": "谁在治病?还欠多少?",
    }


def test_households_stand_by_village_and_in_it_by_rank(tmp_path: Path) -> None:
    homes = [Home("H:1", (1,), HILL), Home("H:2", (2,), NEAR), Home("H:3", (3,), NEAR), Home("H:4", (4,), HILL)]
    levels = {1: "urgent", 2: "medium", 3: "high", 4: "medium"}
    night = Nights(tmp_path / "n").night(DAY, [Hit("A", n, level) for n, level in levels.items()], homes)
    written(night, tmp_path / "out")
    shown = [(r["村（居）"], r["户主"], r["优先序"]) for r in rows(tmp_path / "out/530622/530622001.csv")]
    assert [one[:2] for one in shown] == [("莲塘社区", "某3"), ("莲塘社区", "某2"), ("大寨村", "某1"), ("大寨村", "某4")]
    assert [one[2] for one in shown][::2] == ["2", "1"]


def test_blue_is_on_no_list_and_counted_as_left_off(tmp_path: Path) -> None:
    summary = written(Nights(tmp_path / "n").night(DAY, [Hit("A", 1, "low")]), tmp_path / "out")
    assert summary.left_off == {"blue": 1}
    assert list((tmp_path / "out").rglob("*.csv")) == []


def test_what_is_cleared_leaves_the_list_and_what_is_carried_stays_with_its_date(tmp_path: Path) -> None:
    nights = Nights(tmp_path / "n")
    homes = [Home("H:1", (1,)), Home("H:2", (2,))]
    hits = [Hit("A", n, "high", reason="残疾二级", extracts=("dpf_disability",)) for n in (1, 2)]
    nights.night("2026-11-18", hits, homes)
    night = nights.night(DAY, [], homes, unknown=(("A", 1),), stale=("dpf_disability",))
    written(night, tmp_path / "out")
    row, audited = rows(tmp_path / "out/530622/530622001.csv")
    assert (row["户主"], row["状态"], row["原因"], row["迟到部门"]) == (
        "某1",
        "沿用(数据不全)",
        "残疾二级（残联数据迟到，沿用11月18日）",
        "残联",
    )
    assert (audited["户主"], audited["颜色"], audited["工单编号"][:1]) == ("某2", "抽查", "A")  # without a case it can be drawn
    assert "随机抽查" in audited["原因"]
    assert is_visit_code(KEY, audited["核验码"])


def test_people_without_a_place_have_a_list_of_their_own(tmp_path: Path) -> None:
    homes = [Home("H:1", (1,), (None, None, "000000", "rural"))]
    written(Nights(tmp_path / "n").night(DAY, [Hit("A", 1)], homes), tmp_path / "out")
    assert len(rows(tmp_path / "out/000000/000000000.csv")) == 1


def test_the_supervision_list_names_the_matter_and_the_person_masked(tmp_path: Path) -> None:
    hits = [Hit("P", 2, "low", "process", reason="超期未办"), Hit("A", "H:1", "high", "process", reason="超期未审")]
    night = Nights(tmp_path / "n").night(DAY, hits)
    written(night, tmp_path / "out")
    found = rows(tmp_path / "out/530622/supervision.csv")
    assert [(r["指标编号"], r["等级"], r["乡镇（街道）"], r["姓名"], r["原因"], r["督办事项"]) for r in found] == [
        ("A", "高", "白鹤滩镇", "某1", "超期未审", "申请低保"),
        ("P", "低", "白鹤滩镇", "某2", "超期未办", "限期办理"),
    ]
    assert found[1]["身份证号"] == "*" * 14 + citizen(2)[-4:]


def test_no_formula_reaches_a_file_through_any_department(tmp_path: Path) -> None:
    attack = "=cmd|' /C calc'!A0"
    night = Nights(tmp_path / "n").night(
        DAY,
        [Hit("A", 1, reason=attack)],
        [Home("H:1", (1,))],
        names={1: "\t" + attack},
        phones={1: "+8613800000001"},
        addresses={1: '","' + attack + "\r\n" + attack},
    )
    night.connection.execute("update core.region set name = '@' || name")
    write_lists(night.connection, tmp_path / "out", date.fromisoformat(DAY), {"A": attack}, {"A": "-1"}, KEY)
    (row,) = rows(tmp_path / "out/530622/530622001.csv")
    assert row["住址"] == '","' + attack + " " + attack
    assert [row[c][:2] for c in ("原因", "户主", "联系电话", "村（居）", "可能适用的政策", "询问要点")] == [
        *("'=", "' ", "'+", "'@", "'=", "'-")
    ]


def test_many_townships_give_the_same_bytes_with_any_number_of_threads(tmp_path: Path) -> None:
    def content(folder: Path, count: int) -> dict[str, bytes]:
        homes = [
            Home(f"H:{n}", (n,), (f"530622{n % 40:03d}00{n % 3}", f"530622{n % 40:03d}", "530622", "rural"))
            for n in range(1, 900)
        ]
        night = Nights(folder / "n", count).night(DAY, [Hit("A", n, "high") for n in range(1, 900)], homes)
        written(night, folder / "out")
        return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted((folder / "out").rglob("*.csv"))}

    one = content(tmp_path / "a", 1)
    assert len(one) == 40
    assert sum(text.count(b"\r\n") - 1 for text in one.values()) == 899
    assert one == content(tmp_path / "b", 2)


def test_a_file_that_spans_batches_is_whole(tmp_path: Path) -> None:
    connection = connect(None, Settings(threads=1))
    connection.execute(
        "create table main.t as select (i // 30000)::varchar || '.csv' as file, i as position, '行' || i as \"行\" "
        "from range(70000) r(i)"
    )
    assert files.write_files(connection, "main.t", tmp_path / "out") == 3
    counts = [len((tmp_path / "out" / f"{n}.csv").read_bytes().split(b"\r\n")) - 2 for n in range(3)]
    assert counts == [30000, 30000, 10000]
