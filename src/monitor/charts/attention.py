"""Attention: is it precise, is it bearable, is it fair."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from monitor.charts.chart import BLUE, GREY, ORANGE, PALE, Chart, drawn, nothing, top_down
from monitor.charts.tables import shown

_MOST = 20
LEAST = 8  # smaller groups of people are not shown: somebody could be recognised


def fairness(groups: pd.DataFrame) -> Chart:
    """Shares with a case and on a list, group by group, against everybody's.

    Args:
        groups: the answer of the recipe `fairness`; what is below 8 is already blank there.
    """
    heads = {"people": "人群", "persons": "人数", "with_case_percent": "家里有走访工单%", "listed_percent": "在名单上%"}
    told = groups.dropna(subset=["with_case_percent"])
    if told.empty:
        return nothing("人数太少，不显示", shown(groups, heads))
    everybody = float(told["with_case_percent"].iloc[0])
    fewest = told.loc[told["with_case_percent"].idxmin()]
    title = f"全部人口里{everybody:.1f}%家里有走访工单；最少的是“{fewest['people']}”，{fewest['with_case_percent']:.1f}%"

    def paint(axes: Axes) -> None:
        cases, lists = told["with_case_percent"].astype(float), told["listed_percent"].astype(float)
        for place, (one, other) in enumerate(zip(cases, lists, strict=True)):
            axes.plot([one, other], [place, place], color=PALE, linewidth=3, zorder=1)
            axes.text(one, place - 0.18, f"{one:.1f}%", ha="center", va="bottom", color=BLUE)
            axes.text(other, place + 0.18, "" if pd.isna(other) else f"{other:.1f}%", ha="center", va="top", color=ORANGE)
        axes.scatter(cases, range(len(told)), color=BLUE, s=70, label="家里有走访工单", zorder=2)
        axes.scatter(lists, range(len(told)), color=ORANGE, s=70, marker="D", label="在本周名单上", zorder=2)
        axes.axvline(everybody, color=BLUE, linestyle=":", linewidth=1)
        top_down(axes, [f"{who}（{n:,}人）" for who, n in zip(told["people"], told["persons"], strict=True)])
        axes.set_ylim(len(told) - 0.3, -0.8)
        axes.set_xlim(left=0)
        axes.set_xlabel("占该人群的%（虚线为全部人口）")
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))

    return drawn(title, shown(groups, heads), paint, 0.55 * len(told) + 0.8, note="少于8人的不显示。")


def precision(rules: pd.DataFrame) -> Chart:
    """The share of judged visits that were true, with its interval.

    Args:
        rules: the answer of the recipe `precision_by_rule`, what is over all rules first.
    """
    heads = {
        "indicator": "编号",
        "title_zh": "指标",
        "judged": "已判明",
        "fact": "属实",
        "fact_percent": "属实%",
        "low_percent": "至少%",
        "high_percent": "至多%",
    }
    if rules.empty:
        return nothing("还没有判明的答复：收回答复后再看", shown(rules, heads))
    top = rules.head(_MOST)
    overall = top.iloc[0]
    title = (
        f"判明{overall['judged']:,}件，属实{overall['fact_percent']:.0f}%"
        f"（95%区间 {overall['low_percent']:.0f}%—{overall['high_percent']:.0f}%）"
    )

    def paint(axes: Axes) -> None:
        places = range(len(top))
        low, mid, high = (top[name].astype(float) for name in ("low_percent", "fact_percent", "high_percent"))
        axes.hlines(places, low, high, color=GREY, linewidth=2)
        axes.scatter(mid, places, color=BLUE, s=60, zorder=2)
        names = top["title_zh"].fillna("全部指标")
        top_down(axes, [f"{name}（{judged:,}件）" for name, judged in zip(names, top["judged"], strict=True)])
        axes.set_xlim(0, 100)
        axes.set_xlabel("属实的百分比；横线为95%置信区间，越长越不确定")

    return drawn(title, shown(top, heads), paint, 0.3 * len(top) + 0.8, note="判明少的区间很宽，不要据此停用任何指标。")


def load(townships: pd.DataFrame) -> Chart:
    """What each township's list holds, and what found no room on it; counts below 8 are not shown.

    Args:
        townships: the answer of the recipe `load_by_township`, heaviest first.
    """
    counts = {"listed": "在名单上", "left_off": "能力已满未列入", "watched_only": "蓝色只关注", "overdue": "超期"}
    heads = {"county": "县", "place": "乡镇", **counts}
    top = townships.head(_MOST).copy()
    if top.empty:
        return nothing("没有走访名单", shown(top, heads))
    total, waiting = int(townships["listed"].sum()), int(townships["left_off"].sum())
    title = f"{len(townships)}个乡镇名单上共{_told(total)}户；另有{_told(waiting)}户因能力已满没有列入"
    for name in counts:
        top[name] = top[name].mask(top[name].between(1, LEAST - 1))

    def paint(axes: Axes) -> None:
        places = range(len(top))
        listed, off = (top[name].fillna(0).astype(float) for name in ("listed", "left_off"))
        axes.barh(places, listed, color=BLUE, height=0.66, label="在名单上")
        axes.barh(places, off, left=listed, color=ORANGE, height=0.66, label="能力已满，没有列入")
        for place, row in enumerate(top.itertuples()):
            axes.text(
                listed.iloc[place] + off.iloc[place], place, f" {_cell(row.listed)} ＋ {_cell(row.left_off)}", va="center"
            )
        top_down(axes, [str(one) for one in top["place"]])
        axes.set_xlabel("户")
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))

    note = f"最重的{len(top)}个乡镇：在名单上 ＋ 能力已满。少于{LEAST}户的不显示。"
    return drawn(title, shown(top, heads), paint, 0.28 * len(top) + 0.8, note=note)


def townships(rows: pd.DataFrame) -> Chart:
    """How many of a hundred households have an open case, by how rural their township is.

    Args:
        rows: the answer of the recipe `fairness_by_township`; what is below 8 is already blank there.
    """
    heads = {
        "county": "县",
        "place": "乡镇",
        "households": "户数",
        "rural_percent": "农村户%",
        "open_per_100": "每百户未结工单",
        "listed_per_100": "每百户上过名单",
        "answered_percent": "答复%",
    }
    told = rows.dropna(subset=["open_per_100"])
    if told.empty:
        return nothing(f"各乡镇的工单都少于{LEAST}件，不显示", shown(rows, heads))
    fewest, most = told.loc[told["open_per_100"].idxmin()], told.loc[told["open_per_100"].idxmax()]
    title = (
        f"每百户未结工单：最少{fewest['place']}{fewest['open_per_100']:.1f}件，最多{most['place']}{most['open_per_100']:.1f}件"
    )
    hidden = len(rows) - len(told)
    note = f"有{hidden}个乡镇工单少于{LEAST}件，不显示：看不见的也可能是没有人去。" if hidden else ""

    def paint(axes: Axes) -> None:
        across, up = told["rural_percent"].astype(float), told["open_per_100"].astype(float)
        axes.scatter(across, up, s=told["households"].astype(float).pow(0.5) * 6, color=BLUE, alpha=0.6)
        for one in (fewest, most):
            at = (float(one["rural_percent"]), float(one["open_per_100"]))
            axes.annotate(one["place"], at, (0, 9), textcoords="offset points", ha="center")
        axes.axhline(float(up.median()), color=GREY, linestyle=":", linewidth=1)
        axes.set_ylim(0, float(up.max()) * 1.2)
        axes.set_xlim(-5, 107)
        axes.set_xlabel("农村户占%（圆越大户数越多；虚线为各乡镇的中位数）")
        axes.set_ylabel("每百户未结走访工单")

    return drawn(title, shown(rows, heads), paint, 3.2, note=note)


def _told(count: int) -> str:
    return f"{count:,}" if count == 0 or count >= LEAST else f"不足{LEAST}"


def _cell(count: Any) -> str:
    return "—" if pd.isna(count) else f"{count:,.0f}"
