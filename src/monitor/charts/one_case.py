"""One case: its points night after night, and how far each of its reasons is from ending."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from monitor.charts.chart import BLUE, GREY, ORANGE, RED, Chart, drawn, nothing, top_down
from monitor.charts.tables import shown
from monitor.explain import CaseExplained, Reason
from monitor.vocabulary import COLOUR_FLOORS, COLOUR_ZH, STATE_ZH, CaseState, Colour

_PAINT = {Colour.RED: RED, Colour.ORANGE: ORANGE, Colour.YELLOW: "#F0E442", Colour.BLUE: BLUE}
_HEADS = {"reason": "原因", "fact": "看哪个数", "now": "现在", "ends": "到这里就解除", "unit": "单位", "share": "现在为界线的%"}


def story(nights: pd.DataFrame) -> Chart:
    """Points of a case on every night.

    Args:
        nights: the answer of the recipe `case_story`.
    """
    heads = {"as_of": "数据日期", "colour": "颜色", "points": "分值", "state": "状态", "due": "办理期限", "indicators": "指标"}
    table = nights.assign(
        colour=[COLOUR_ZH[Colour(one)] for one in nights["colour"]],
        state=[STATE_ZH[CaseState(one)] for one in nights["state"]],
    )
    if nights.empty:
        return nothing("没有这个工单", shown(table, heads))
    last = table.iloc[-1]
    title = f"工单 {last['case_no']}：{len(nights)}晚里从{nights['points'].iloc[0]}分到{last['points']}分，现在是{last['colour']}色，{last['state']}"

    def paint(axes: Axes) -> None:
        days = [str(day) for day in nights["as_of"]]
        points = [float(one) for one in nights["points"]]
        axes.bar(days, points, width=0.5, color=[_PAINT[Colour(one)] for one in nights["colour"]])
        for place, value in enumerate(points):
            axes.text(place, value, f"{value:.0f}分", ha="center", va="bottom")
        for colour, floor in COLOUR_FLOORS.items():
            if floor:
                axes.axhline(floor, color=GREY, linewidth=0.8, linestyle=":")
                axes.text(len(days) - 0.5, floor, f"满{floor}分为{COLOUR_ZH[colour]}", va="bottom", ha="left", color=GREY)
        axes.set_xlim(-0.6, len(days) + 0.1)
        axes.set_ylim(0, max(*points, 8) * 1.15)
        axes.set_ylabel("分值")

    return drawn(title, shown(table, heads), paint, 2.8)


def distance_to_clear(told: CaseExplained) -> Chart:
    """For every reason and number: how far it is from the value at which the reason ends.

    Args:
        told: see `monitor.explain.explain`.
    """
    rows = [row for reason in told.reasons for row in _numbers(reason)]
    table = pd.DataFrame(rows, columns=[*_HEADS])
    if table.empty:
        return nothing("没有哪一个数单独变化就能解除这些原因", shown(table, _HEADS))
    near = min(rows, key=lambda row: abs(row[-1] - 100))
    title = f"离解除最近的是{near[0]}的“{near[1]}”：现在是界线的{near[-1]:.0f}%"

    def paint(axes: Axes) -> None:
        shares = [min(row[-1], 300.0) for row in rows]
        for place, (row, share) in enumerate(zip(rows, shares, strict=True)):
            axes.plot([100, share], [place, place], color=GREY, linewidth=2, zorder=1)
            axes.scatter([share], [place], color=ORANGE, s=70, zorder=2)
            axes.text(share, place - 0.2, f"{row[2]:,.10g}{row[4]}", ha="center", va="bottom")
        axes.axvline(100, color=BLUE, linewidth=1.5)
        axes.text(100, -0.75, "到这里就解除", color=BLUE, ha="center", va="bottom")
        top_down(axes, [f"{row[0]} {row[1]}" for row in rows])
        axes.set_ylim(len(rows) - 0.5, -0.9)
        axes.set_xlim(min(0, *shares) - 8, max(110, *shares) + 15)
        axes.set_xlabel("现在的数是界线的百分之几（超过300%的画在300%处）")

    return drawn(title, shown(table, _HEADS), paint, 0.6 * len(rows) + 0.9)


def _numbers(reason: Reason) -> list[tuple[str, str, float, float, str, float]]:
    """Every number that would end a reason alone, with its present value."""
    if reason.clearing is None:
        return []
    now = {one.fact.name: one.value for one in reason.facts}
    return [
        (
            reason.code,
            one.fact.zh,
            float(now[one.fact.name]),
            float(one.value),
            one.fact.unit_zh or "",
            100 * float(now[one.fact.name]) / (float(one.value) or 1.0),
        )
        for one in reason.clearing.values
    ]
