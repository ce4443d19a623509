"""One case: its points night after night, and how far each of its reasons is from ending."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from matplotlib.axes import Axes

from monitor.charts.chart import BLUE, GREY, ORANGE, RED, Chart, bars, drawn, nothing
from monitor.charts.tables import shown
from monitor.explain import CaseExplained, Reason
from monitor.vocabulary import COLOUR_FLOORS, COLOUR_ZH, STATE_ZH, CaseState, Colour

_PAINT = {Colour.RED: RED, Colour.ORANGE: ORANGE, Colour.YELLOW: "#F0E442", Colour.BLUE: BLUE}
_HEADS = {"reason": "原因", "fact": "看哪个数", "now": "现在", "ends": "到这里就解除", "unit": "单位", "share": "还差%"}


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
    first = nights["points"].iloc[0]
    moved = f"都是{first}分" if set(nights["points"]) == {first} else f"里从{first}分到{last['points']}分"
    title = f"工单 {last['case_no']}：{len(nights)}晚{moved}，现在是{last['colour']}色、{last['state']}"

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
    rows = sorted((row for reason in told.reasons for row in _numbers(reason)), key=lambda row: row[-1])
    table = shown(pd.DataFrame(rows, columns=[*_HEADS]), _HEADS)
    if not rows:
        return nothing("没有哪一个数单独变化就能解除这些原因", table)
    code, fact, now, ends, unit, _ = rows[0]
    title = f"离解除最近的：{code} 的“{fact}”从{now:,.10g}{unit}{'升' if ends > now else '降'}到{ends:,.10g}{unit}"

    def paint(axes: Axes) -> None:
        bars(
            axes,
            [f"{row[0]} {row[1]}" for row in rows],
            [row[-1] for row in rows],
            [ORANGE, *[BLUE] * (len(rows) - 1)],
            unit="%",
        )
        for place, row in enumerate(rows):
            axes.text(0.6, place, f"{row[2]:,.10g}{row[4]} → {row[3]:,.10g}{row[4]}", va="center", color="white")

    return drawn(title, table, paint, 0.4 * len(rows) + 0.4, note="还差的占两个数中较大的百分之几；只让这一个数变，其余不变。")


def _numbers(reason: Reason) -> Iterator[tuple[str, str, float, float, str, float]]:
    """Every number that would end a reason alone: its present value, the value that ends it, and how far that is in percent."""
    if reason.clearing is None:
        return
    known = {one.fact.name: one.value for one in reason.facts}
    for one in reason.clearing.values:
        now, ends = float(known[one.fact.name]), float(one.value)
        yield reason.code, one.fact.zh, now, ends, one.fact.unit_zh or "", 100 * abs(ends - now) / max(abs(now), abs(ends))
