"""Households that were helped though nothing had warned of them, and what would have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from monitor.charts.chart import BLUE, GREEN, ORANGE, Chart, drawn, nothing
from monitor.charts.tables import shown
from monitor.parameters.load import parameter_index
from monitor.plan import Catch, Missed, WouldHit

HOW_ZH = {"enrolled": "后来进入低收入保障", "temporary": "后来得到临时救助", "audit": "随机抽查查出有困难"}
_LINES = 5
_STYLES = ((BLUE, "o"), (ORANGE, "D"), (GREEN, "s"), ("#CC79A7", "^"), ("#56B4E9", "v"))
_HOMES = {
    "how": "怎样得知",
    "asked_on": "没有预警的一晚",
    "known_on": "得知",
    "unknown": "无法判断的指标",
    "indicator": "离得最近的指标",
    "parameter": "参数",
    "now": "现行",
    "value": "须改为",
    "change": "相差%",
}
_CATCHES = {
    "indicator": "指标",
    "parameter": "参数",
    "now": "现行",
    "value": "改为",
    "change": "相差%",
    "households": "会看到的户",
}


def missed_homes(homes: Sequence[Missed]) -> Chart:
    """How many were missed, and what the rules nearest to them lacked; nobody is named.

    Args:
        homes: see `monitor.plan.missed`.
    """
    rows = [
        {
            "how": HOW_ZH[one.how],
            "asked_on": one.asked_on,
            "known_on": one.known_on,
            "unknown": len(one.unknown),
            **(_near(one.near[0]) if one.near else {}),
        }
        for one in homes
    ]
    table = shown(pd.DataFrame(rows, columns=[*_HOMES], dtype=object), _HOMES)
    if not homes:
        return nothing("这些夜晚里，没有哪一户是得到帮助而事先没有预警的", table)
    close = [one for one in homes if one.near and one.near[0].change <= 0.25]
    blind = [one for one in homes if one not in close and one.unknown]
    groups = {
        "差一点：一个数动四分之一以内就会预警": len(close),
        "看不清：离得远，但有指标因缺数据无法判断": len(blind),
        "看得清而离得远：规则没有想到": len(homes) - len(close) - len(blind),
    }
    title = f"{len(homes)}户得到帮助而事先没有预警：{len(close)}户只差一点，{len(blind)}户因缺数据看不清"

    def paint(axes: Axes) -> None:
        axes.barh(range(3), [*groups.values()], color=[ORANGE, BLUE, GREEN], height=0.6)
        axes.set_yticks(range(3), [*groups])
        axes.set_ylim(2.5, -0.5)
        for place, value in enumerate(groups.values()):
            axes.text(value, place, f" {value}户", va="center")
        axes.xaxis.set_visible(False)
        axes.spines["bottom"].set_visible(False)

    return drawn(title, table, paint, 1.3)


def what_would_catch(found: Sequence[Catch], titles: Mapping[str, str]) -> Chart:
    """How many missed households a number would have caught, the further it is moved.

    Args:
        found: see `monitor.plan.catches`.
        titles: indicator -> its title.
    """
    rows = [{**_near(one.nearest, titles), "households": one.households} for one in found]
    table = shown(pd.DataFrame(rows, columns=[*_CATCHES], dtype=object), _CATCHES)
    if not found:
        return nothing("没有哪一个数动一半以内就能看到漏掉的户", table)
    best = found[0]
    title = (
        f"改动最小而看到最多的：{best.nearest.indicator} 的“{parameter_index()[best.nearest.parameter].zh}”"
        f"动{float(best.nearest.change):.0%}，会看到{best.households}户"
    )

    end = max(float(one.nearest.change) for one in found) * 100 + 3

    def paint(axes: Axes) -> None:
        for (colour, marker), (label, points) in zip(_STYLES, _curves(found).items(), strict=False):
            changes, seen = [float(one.nearest.change) * 100 for one in points], [one.households for one in points]
            axes.step([0, *changes, end], [0, *seen, seen[-1]], where="post", color=colour, linewidth=2)
            axes.scatter(changes, seen, color=colour, marker=marker, s=55, label=label, zorder=2)
        axes.set_xlim(0, end)
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel("数值改动多少（占现行的%）")
        axes.set_ylabel("会看到的户数")
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0), title="改哪个数")

    return drawn(title, table, paint, 3.0, note="只改一个数，其余不变；多看到的户里多少真有困难，要走访才知道。")


def _curves(found: Sequence[Catch]) -> dict[str, list[Catch]]:
    """The numbers that catch most, each with its steps by rising change."""
    curves: dict[str, list[Catch]] = {}
    for one in found:
        way = "升" if one.nearest.value > one.nearest.now else "降"
        curves.setdefault(f"{one.nearest.indicator} {parameter_index()[one.nearest.parameter].zh} {way}", []).append(one)
    return {label: points[::-1] for label, points in list(curves.items())[:_LINES]}


def _near(one: WouldHit, titles: Mapping[str, str] | None = None) -> dict[str, object]:
    return {
        "indicator": f"{one.indicator} {(titles or {}).get(one.indicator, '')}".strip(),
        "parameter": parameter_index()[one.parameter].zh,
        "now": float(one.now),
        "value": float(one.value),
        "change": round(float(one.change) * 100, 1),
    }
