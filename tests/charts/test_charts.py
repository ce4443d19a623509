"""Every picture says in words what is seen, carries its table, can be read in Chinese, and shows no small group."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from monitor import charts
from monitor.charts import Chart
from monitor.contracts import facts
from monitor.explain import CaseExplained, Reason
from monitor.explain.clearing import Clearing, ClearsAt
from monitor.explain.explanation import FactShown
from monitor.plan import Catch, Effect, Missed, Movement, NightSaid, Sensitivity, Step, WouldHit
from monitor.vocabulary import Outcome

NIGHTS = [date(2026, 11, day) for day in (18, 19, 20)]
DOLLARS = "$甲$镇<script>alert(1)</script>"
NEAR = WouldHit("EXP-004", "self_paid_resident_yuan", Decimal(15000), Decimal(12000))
FAR = WouldHit("INC-001", "dibao_month_yuan", Decimal(500), Decimal(900))


@pytest.fixture(autouse=True)
def _every_glyph_is_there() -> Iterator[None]:
    """matplotlib only warns of a character that its font does not have."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def case(code: str, *clears: tuple[str, int, int]) -> CaseExplained:
    """A case of one reason whose numbers stand at one value and end it at another."""
    known = facts("person")
    told = tuple(ClearsAt(known[name], Decimal(ends), Outcome.CLEAR, Decimal(ends)) for name, _, ends in clears)
    shown = tuple(FactShown(known[name], now, False, None) for name, now, _ in clears)
    reason = Reason(code, None, None, {}, shown, (), Clearing(True, told), False)
    return CaseExplained({}, None, "", "", (reason,), None, (), {}, NIGHTS[-1], None, False)


def effect(*movements: Movement) -> Effect:
    return Effect(NIGHTS[-1], movements, {}, {}, {}, (), (), {"530622": "巧家县"}, ())


def tried(*steps: tuple[int, int]) -> Sensitivity:
    told = tuple(Step(Decimal(value), hits, 9, 8, 0, 0, 0) for value, hits in steps)
    return Sensitivity("self_paid_resident_yuan", NIGHTS[-1], (Decimal(15000),), 29, 9, 8, told, tuple("ABCDEFGHIJ"))


def home(*near: WouldHit, unknown: tuple[str, ...] = ()) -> Missed:
    return Missed("H:990", "530622", "enrolled", NIGHTS[0], NIGHTS[1], unknown, near)


VISITS, REVIEWS = Movement("visit", "530622", 10, 12, 3, 1, 9), Movement("review", "530622", 99, 0, 0, 99, 0)
STORY = pd.DataFrame(
    {"as_of": NIGHTS, "case_no": "V530622-20261118-0001", "colour": ["yellow", "orange", "red"], "points": [3, 5, 9],
     "state": ["new", "escalated", "escalated"], "due": NIGHTS[-1], "indicators": "INC-001"}
)  # fmt: skip
UNKNOWN = pd.DataFrame(
    {"indicator": ["INC-002", "INC-001"], "title_zh": ["甲", "乙"], "hit": [9, 9], "clear": [9, 9], "unknown": [9, 1],
     "unknown_percent": [39.2, 1.0]}
)  # fmt: skip
COUNTIES = pd.DataFrame(
    {"place": ["巧家县", "巧家县", DOLLARS, DOLLARS], "domain_zh": ["收入", "健康"] * 2, "asked": 100, "unknown": [1, 2, 3, 44],
     "unknown_percent": [1.0, 2.0, 3.0, 44.0]}
)  # fmt: skip
LATE = pd.DataFrame(
    {"department_zh": ["医保"], "title_zh": ["结算"], "newest_delivery": [NIGHTS[0]], "age_days": [40], "late_after": [7],
     "indicators": [30], "unknown": [1200]}
)  # fmt: skip
GROUPS = pd.DataFrame(
    {"people": ["全部", "18岁以下", "独自生活"], "persons": pd.array([900, 100, None], "Int64"),
     "with_case_percent": [14.0, 9.5, None], "listed_percent": [11.0, None, None]}
)  # fmt: skip
TOWNSHIPS = pd.DataFrame(
    {"county": "530622", "place": ["甲镇", "乙乡", "丙乡"], "households": [400, 90, 20], "rural_percent": [40.0, 95.0, 100.0],
     "open_per_100": [18.0, 9.0, None], "listed_per_100": [10.0, None, None], "answered_percent": [50.0, None, None]}
)  # fmt: skip
PRECISION = pd.DataFrame(
    {"indicator": ["all", "INC-001"], "title_zh": [None, "收入低"], "judged": [60, 9], "fact": [45, 8],
     "fact_percent": [75.0, 88.9], "low_percent": [62.8, 56.5], "high_percent": [84.2, 98.0]}
)  # fmt: skip
LOAD = pd.DataFrame(
    {"county": "530622", "place": ["甲镇", "乙乡"], "listed": pd.array([41, 7], "Int64"), "left_off": pd.array([9, 0], "Int64"),
     "watched_only": pd.array([8, 3], "Int64"), "overdue": pd.array([0, 1], "Int64")}
)  # fmt: skip
NIGHT = [NightSaid(NIGHTS[0], 15, 80, 1, 4, None, None), NightSaid(NIGHTS[1], 18, 77, 1, 4, 4, 1)]

# picture, what its title says, a cell that its table must hold
SEEN: dict[str, tuple[Callable[[], Chart], str, str]] = {
    "story": (lambda: charts.story(STORY), "3晚里从3分到9分，现在是红色、升级", "升级"),
    "story of one level": (lambda: charts.story(STORY.assign(points=5)), "3晚都是5分", "V"),
    "distance": (
        lambda: charts.distance_to_clear(case("EXP-004", ("self_paid_12m_yuan", 18000, 15000), ("age_years", 30, 60))),
        "EXP-004 的“近12个月个人自付医疗”从18,000元降到15,000元",
        "16.67",
    ),
    "nights": (lambda: charts.hits_by_night("EXP-004", NIGHT), "2晚里命中从15到18，最近一晚新增4、不再命中1", "—"),
    "lists": (
        lambda: charts.lists_by_county(effect(VISITS, REVIEWS)),
        "走访名单 10 户变为 12 户：新进3户，退出1户",
        "巧家县",
    ),
    "values": (
        lambda: charts.value_by_value(tried((5000, 37), (30000, 18))),
        "从5,000到30,000元/年：命中37→18，未结工单9→9，名单8→8户",
        "30,000",
    ),
    "unknown by rule": (lambda: charts.unknown_by_rule(UNKNOWN), "2项指标有判断不了的人或户，其中1项超过两成", "39.2"),
    "unknown by county": (lambda: charts.unknown_by_county(COUNTIES), "“健康”：每百次有44次没有答案", "44"),
    "late": (lambda: charts.late_extracts(LATE), "影响最大的是医保的“结算”，今晚1,200次判断不了", "1,200"),
    "fairness": (lambda: charts.fairness(GROUPS), "最少的是“18岁以下”，9.5%", "独自生活"),
    "townships": (lambda: charts.townships(TOWNSHIPS), "最少乙乡9.0件，最多甲镇18.0件", "丙乡"),
    "precision": (lambda: charts.precision(PRECISION), "判明60件，属实75%（95%区间 63%—84%）", "收入低"),
    "load": (lambda: charts.load(LOAD), "2个乡镇名单上共48户；另有9户因能力已满没有列入", "41"),
    "missed": (
        lambda: charts.missed_homes([home(NEAR), home(FAR, unknown=("INC-001",)), home(FAR)]),
        "3户得到帮助而事先没有预警：1户只差一点，1户因缺数据看不清",
        "普通居民自付预警线",
    ),
    "catches": (lambda: charts.what_would_catch([Catch(NEAR, 2)], {"EXP-004": "自付高"}), "动20%，会看到2户", "EXP-004 自付高"),
}  # fmt: skip
EMPTY: dict[str, Callable[[], Chart]] = {
    "story": lambda: charts.story(STORY.head(0)),
    "distance": lambda: charts.distance_to_clear(case("EXP-004")),
    "lists": lambda: charts.lists_by_county(effect()),
    "unknown by rule": lambda: charts.unknown_by_rule(UNKNOWN.head(0)),
    "unknown by county": lambda: charts.unknown_by_county(COUNTIES.head(0)),
    "late": lambda: charts.late_extracts(LATE.head(0)),
    "fairness": lambda: charts.fairness(GROUPS.tail(1)),
    "townships": lambda: charts.townships(TOWNSHIPS.tail(1)),
    "precision": lambda: charts.precision(PRECISION.head(0)),
    "load": lambda: charts.load(LOAD.head(0)),
    "missed": lambda: charts.missed_homes([]),
    "catches": lambda: charts.what_would_catch([], {}),
}


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("name", SEEN)
def test_the_title_says_what_is_seen_and_the_table_holds_it(name: str) -> None:
    make, says, holds = SEEN[name]
    chart = make()
    assert says in chart.title
    assert holds in chart.table.to_csv() + chart.title
    assert not [head for head in chart.table.columns if head.isascii()], "heads are Chinese"
    width, height = size(chart.png)
    assert 600 < width < 1200, "no label is so long that the picture shrinks beside it"
    assert height > 150


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_to_show_is_said(name: str) -> None:
    chart = EMPTY[name]()
    assert any(word in chart.title for word in ("没有", "不显示"))
    assert size(chart.png)[1] < 250


def test_groups_below_eight_are_in_neither_picture_nor_table() -> None:
    table = charts.load(LOAD).table
    assert table.to_numpy().tolist() == [["530622", "甲镇", "41", "9", "8", "0"], ["530622", "乙乡", "—", "0", "—", "—"]]
    assert "不足8户" in charts.load(LOAD.assign(left_off=pd.array([3, 2], "Int64"))).title
    assert charts.fairness(GROUPS).table.iloc[2].tolist() == ["独自生活", "—", "—", "—"]


def test_jupyter_shows_picture_and_table_and_runs_nothing_that_a_name_holds() -> None:
    page = charts.unknown_by_county(COUNTIES)._repr_html_()
    assert 'alt="判断不了最多的是$甲$镇&lt;script&gt;' in page
    assert "data:image/png;base64," in page
    assert "<table" in page
    assert "<script" not in page


def test_the_same_answer_is_drawn_with_the_same_bytes() -> None:
    assert charts.fairness(GROUPS).png == charts.fairness(GROUPS).png


def test_a_picture_can_be_saved(tmp_path: Path) -> None:
    chart = charts.fairness(GROUPS)
    chart.save(tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes() == chart.png


def test_a_table_is_numbered_and_reads_like_chinese() -> None:
    table = charts.shown(
        pd.DataFrame({"a": [1234, None], "b": [True, False], "c": [0.5, None]}, dtype=object), {"c": "丙", "a": "甲", "b": "乙"}
    )
    assert table.reset_index().to_numpy().tolist() == [[1, "0.5", "1,234", "是"], [2, "—", "—", "否"]]
    assert list(table.columns) == ["丙", "甲", "乙"]
