"""What departments are told of their deliveries: every state, every reason, and how to mend it."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest
from given import made_up_id
from hypothesis import given, settings
from hypothesis import strategies as st
from told_nights import CARE_HEADER, DEATH_HEADER, Page, Told, care, tell

from monitor.contracts import extracts
from monitor.delivery_reports.reported import stretches
from monitor.durable import sha256_of

CARE = "mca_care_20261101"
BAD_ID = "99000019800101001"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """One night with a file in every state that there is."""
    return tell(
        tmp_path_factory.mktemp("home"),
        {
            "mca_care_20261001.csv": care(people=6),
            f"{CARE}.csv": care(f"{BAD_ID},独居老人,,", ",,,", f"{made_up_id(0)},独居老人,,某天", people=6),
            "nhc_death_20261101.csv": f"{DEATH_HEADER}\n{made_up_id(1)},2026-10-30,\n",
            "nhc_death_20261102.csv": f"{DEATH_HEADER}\n{made_up_id(1)},2026-10-31,\n",
            "nhc_death_20261103.csv": f"{DEATH_HEADER}\n{made_up_id(2)},某天,\n",
            "nhc_disease_20261101.csv": f"身份证号\n{made_up_id(1)}\n",
            "psb_vehicle_20261101.xlsx": b"no workbook",
            "mca_family_20261101.csv": "",
            "stray.csv": "x",
        },
    )


@pytest.mark.parametrize(
    ("department", "name", "words"),
    [
        ("民政", CARE, ["已采用", "「身份证号码」不是有效的身份号码", "怎样改"]),
        ("民政", "mca_care_20261001", ["已被更新的一份取代"]),
        ("卫健", "nhc_death_20261101", ["已被后来报送的同一主键记录取代,属正常更新"]),
        ("卫健", "nhc_death_20261103", ["整份退回", "「死亡日期」看不懂,不是日期", "应为:2026-01-03"]),
        ("卫健", "nhc_disease_20261101", ["整份退回", "缺少必需的列"]),
        ("公安", "psb_vehicle_20261101", ["整份退回", "这不是完好的 .xlsx 工作簿"]),
        ("民政", "mca_family_20261101", ["整份退回", "文件是空的"]),
    ],
)
def test_every_state_is_told_in_plain_words(told: Told, department: str, name: str, words: list[str]) -> None:
    text = Page(told.page(department, name)).text
    assert [word for word in words if word not in text] == []


def test_rows_are_told_with_number_reason_and_remedy(told: Told) -> None:
    rows = [row for row in told.rows("民政", CARE) if row["行号"]]
    assert [(row["行号"], row["类别"], row["列"]) for row in rows] == [
        ("2", "重复主键", ""),
        ("8", "退回", "身份证号码"),
    ]
    assert all(row["说明"] and row["怎样改"] for row in rows)


def test_optional_cells_that_count_as_empty_are_told_by_column(told: Told) -> None:
    [row] = [row for row in told.rows("民政", CARE) if row["类别"] == "已按空处理"]
    assert (row["列"], row["数量"]) == ("最近探访日期", "1")


def test_the_counts_of_every_page_are_those_of_the_ledger(told: Told) -> None:
    for line in told.judged.ledger:
        department = extracts()[line.extract].department
        page = told.page(department, line.delivery)
        [balance] = re.findall(r'class="balance">.*?</table>', page, re.S)
        counts = [int(n.replace(",", "")) for n in re.findall(r'class="n">([\d,]+)<', balance)]
        assert counts == [line.rows_read, line.loaded, line.superseded, line.quarantined, line.blanked]


def test_indexes_name_every_extract_and_every_link_leads_somewhere(told: Told) -> None:
    whole = Page((told.folder / "index.html").read_text(encoding="utf-8"))
    assert [one.title for one in extracts().values() if one.title not in whole.text] == []
    assert "stray.csv" in whole.text
    assert "没有收到过 已迟到" in " ".join(whole.text.split())
    for path in told.folder.rglob("*.html"):
        page = Page(path.read_text(encoding="utf-8"))
        assert [link for link in page.links if not (path.parent / unquote(link)).is_file()] == []
    assert {f"{one.department}/index.html" for one in extracts().values()} <= told.files()


def test_pages_need_nothing_else_and_run_nothing(told: Told) -> None:
    for path in told.folder.rglob("*.html"):
        page = Page(path.read_text(encoding="utf-8"))
        assert not page.elements & {"script", "iframe", "object", "embed", "img", "link", "form", "base"}
        assert not [name for name in page.attributes if name.startswith("on")]
        assert "default-src 'none'" in path.read_text(encoding="utf-8")


def test_the_trend_shows_the_deliveries_of_the_extract(told: Told) -> None:
    page = Page(told.page("卫健", "nhc_death_20261103"))
    assert "svg" in page.elements
    assert all(day in page.text for day in ("20261101", "20261102", "20261103"))


def test_the_same_deliveries_give_the_same_bytes(told: Told, tmp_path: Path) -> None:
    inbox = told.folder.parents[2] / "inbox"
    again = tell(tmp_path, {p.name: p.read_bytes() for p in inbox.iterdir()}, threads=1)
    assert {name: (told.folder / name).read_bytes() for name in told.files()} == {
        name: (again.folder / name).read_bytes() for name in again.files()
    }


def test_telling_again_changes_nothing(told: Told) -> None:
    before = {name: (told.folder / name).read_bytes() for name in told.files()}
    again = tell(told.folder.parents[2])
    assert {name: (again.folder / name).read_bytes() for name in again.files()} == before
    assert [asdict(d) for d in again.doubts] == [asdict(d) for d in told.doubts]


def test_what_was_counted_and_judged_once_is_not_counted_and_judged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = tell(tmp_path, {f"{CARE}.csv": care(*[f"{made_up_id(0)},独居老人,,"] * 9, people=200)})
    counted: list[str] = []
    monkeypatch.setattr("monitor.gate.profile.profile", lambda *given: counted.append("counted"))
    monkeypatch.setattr("monitor.gate.validate._validate", lambda columns, limits: set(counted.extend(columns) or ()))
    again = tell(tmp_path)
    assert [d.figure for d in first.doubts] == ["doubled_share"]
    assert (again.doubts, counted) == (first.doubts, [])


def test_doubts_stand_with_the_newest_accepted_delivery_only(tmp_path: Path) -> None:
    half = [f"{made_up_id(n)},独居老人,,2026-10-01" for n in range(110)]
    told = tell(
        tmp_path,
        {
            "mca_care_20261001.csv": care(people=200),
            "mca_care_20261101.csv": care(*half),
            "mca_care_20261110.csv": care(people=20),
        },
    )
    assert [(d.figure, d.found_zh) for d in told.doubts] == [("rows_against_usual", "55.0%")]
    pages = {day: Page(told.page("民政", f"mca_care_{day}")).text for day in ("20261001", "20261101", "20261110")}
    assert [day for day, text in pages.items() if "行数应为近几次中位数的80%至150%" in text] == ["20261101"]
    assert [row["说明"] for row in told.rows("民政", "mca_care_20261101") if row["类别"] == "数据存疑"]


def test_row_numbers_beyond_the_limit_are_counted_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.delivery_reports.reported.MOST_ROWS", 3)
    told = tell(tmp_path, {f"{CARE}.csv": care(*[f"{BAD_ID},独居老人,,"] * 5)})
    rows = told.rows("民政", CARE)
    assert [row["行号"] for row in rows if row["行号"]] == ["2", "3", "4"]
    assert (rows[-1]["类别"], rows[-1]["数量"]) == ("说明", "2")


def test_parts_have_a_page_each_and_share_their_doubts(tmp_path: Path) -> None:
    told = tell(tmp_path, {"mca_care_20261101_a.csv": care(people=3), "mca_care_20261101_b.csv": "x\n"})
    text = Page(told.page("民政", "mca_care_20261101_a")).text
    assert "同日分片 mca_care_20261101_b 被拒收" in text


@pytest.mark.parametrize(
    ("numbers", "rows", "shown"),
    [
        ([3, 7, 12, 13, 14], 5, "3、7、12-14"),
        ([3], 9, "3 等"),
        ([], 4, " 等"),
        (range(1, 100, 2), 50, "、".join(str(n) for n in range(1, 60, 2)) + " 等"),
    ],
)
def test_row_numbers_are_told_in_stretches(numbers: list[int], rows: int, shown: str) -> None:
    assert stretches(numbers, rows) == shown


CELLS = st.sampled_from(
    ["", "独居老人", "留守儿童", "某类", "2026-10-01", "20261301", BAD_ID, made_up_id(1), made_up_id(2), '"']
)


@settings(max_examples=12, deadline=None)
@given(rows=st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=8))
def test_whatever_a_file_holds_the_report_counts_what_the_ledger_counts(
    rows: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = "\n".join([CARE_HEADER, *(",".join(row) for row in rows)]) + "\n"
    told = tell(tmp_path_factory.mktemp("any"), {f"{CARE}.csv": content})
    [line], [landed] = told.judged.ledger, told.landed
    lines = told.rows("民政", CARE)
    bad = [row for row in lines if row["类别"] == "退回"]
    assert len({row["行号"] for row in bad}) == landed.quarantined
    assert len(bad) == sum((landed.reasons or {}).values())
    assert sum(int(row["数量"]) for row in lines if row["类别"] == "已按空处理") == landed.blanked
    assert sum(row["类别"] == "重复主键" for row in lines) == (0 if line.state == "refused" else line.superseded)
    assert lines[0]["数量"] == str(line.rows_read)


def test_a_second_night_tells_of_what_is_new_and_of_the_newest(tmp_path: Path) -> None:
    old = {"mca_care_20261001.csv": care(people=3), "nhc_death_20261001.csv": f"{DEATH_HEADER}\n"}
    tell(tmp_path, old, date(2026, 11, 19))
    make_real(tmp_path, date(2026, 11, 19))
    second = tell(tmp_path, {"mca_care_20261101.csv": care(people=3)})
    tables = {name for name in second.files() if name.endswith(".csv")}
    assert tables == {"民政/mca_care_20261101.csv", "卫健/nhc_death_20261001.csv"}


def make_real(home: Path, night: date) -> None:
    """A run folder whose manifest says what it read."""
    files = sorted((home / "inbox").iterdir())
    inputs = [{"delivery": path.stem, "sha256": sha256_of(path)} for path in files]
    folder = home / "runs" / night.isoformat()
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"inputs": inputs}), encoding="utf-8")
