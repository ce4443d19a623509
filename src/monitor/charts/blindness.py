"""Where the system cannot see: rules that cannot tell, counties in which, departments that are late."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from monitor.charts.chart import BLUE, ORANGE, PALE, Chart, bars, drawn, nothing, top_down
from monitor.charts.tables import shown

_MOST = 20


def unknown_by_rule(rules: pd.DataFrame) -> Chart:
    """The rules that most often cannot tell.

    Args:
        rules: the answer of the recipe `unknown_by_rule`.
    """
    heads = {
        "indicator": "编号",
        "title_zh": "指标",
        "hit": "命中",
        "clear": "没有命中",
        "unknown": "无法判断",
        "unknown_percent": "无法判断%",
    }
    if rules.empty:
        return nothing("没有一项指标判断不了", shown(rules, heads))
    fifth, top = int((rules["unknown_percent"] >= 20).sum()), rules.head(_MOST)
    title = f"{len(rules)}项指标有判断不了的人或户，其中{fifth}项超过两成"

    def paint(axes: Axes) -> None:
        values = [float(one) for one in top["unknown_percent"]]
        labels = [f"{code} {name}" for code, name in zip(top["indicator"], top["title_zh"], strict=True)]
        bars(axes, labels, values, [ORANGE if value >= 20 else BLUE for value in values], unit="%")

    note = f"无法判断占被问而没有保障的人或户的比例，前{len(top)}项；橙色为两成以上。缺数据不等于没有困难。"
    return drawn(title, shown(top, heads), paint, 0.27 * len(top) + 0.4, note=note)


def unknown_by_county(counties: pd.DataFrame) -> Chart:
    """Share of answers that are "cannot tell", by county and domain.

    Args:
        counties: the answer of the recipe `unknown_by_county`.
    """
    heads = {"place": "县", "domain_zh": "领域", "asked": "问了", "unknown": "无法判断", "unknown_percent": "无法判断%"}
    if counties.empty:
        return nothing("没有被问的人或户", shown(counties, heads))
    grid = counties.pivot_table(index="place", columns="domain_zh", values="unknown_percent", sort=False, aggfunc="max")
    worst = counties.loc[counties["unknown_percent"].idxmax()]
    title = f"判断不了最多的是{worst['place']}的“{worst['domain_zh']}”：每百次有{worst['unknown_percent']:.0f}次没有答案"

    def paint(axes: Axes) -> None:
        axes.imshow(grid.to_numpy(), cmap="cividis_r", aspect="auto", vmin=0)
        top_down(axes, [str(place) for place in grid.index])
        axes.set_ylim(len(grid) - 0.5, -0.5)
        axes.set_xticks(range(len(grid.columns)), [str(name) for name in grid.columns], rotation=20, ha="right")
        dark = float(grid.max().max()) * 0.55
        for (row, column), value in np.ndenumerate(grid.to_numpy(dtype=float)):
            axes.text(column, row, f"{value:.1f}", ha="center", va="center", color="white" if value > dark else "black")

    note = "每百次判断里答不出的次数；颜色越深越看不清。"
    return drawn(title, shown(counties, heads), paint, 0.42 * len(grid) + 1.2, note=note)


def late_extracts(extracts: pd.DataFrame) -> Chart:
    """How old each late extract is, against how old it may be.

    Args:
        extracts: the answer of the recipe `blind_spots`.
    """
    heads = {
        "department_zh": "部门",
        "title_zh": "数据",
        "newest_delivery": "最近一份",
        "age_days": "已过天数",
        "late_after": "允许天数",
        "indicators": "读它的指标",
        "unknown": "无法判断",
    }
    if extracts.empty:
        return nothing("没有一份数据迟到", shown(extracts, heads))
    worst = extracts.iloc[0]
    title = (
        f"{len(extracts)}份数据迟到；影响最大的是{worst['department_zh']}的“{worst['title_zh']}”，"
        f"今晚{worst['unknown']:,}次判断不了"
    )

    def paint(axes: Axes) -> None:
        labels = [f"{who}·{what}" for who, what in zip(extracts["department_zh"], extracts["title_zh"], strict=True)]
        places = range(len(labels))
        ages = [float(one) for one in extracts["age_days"].fillna(0)]
        axes.barh(places, ages, color=ORANGE, height=0.6, label="已过天数")
        axes.barh(places, [float(one) for one in extracts["late_after"]], color=PALE, height=0.25, label="允许天数")
        top_down(axes, labels)
        axes.set_xlabel("天")
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))

    return drawn(title, shown(extracts, heads), paint, 0.4 * len(extracts) + 0.9)
