"""Rules and numbers: what one says of past nights, what a change does to the lists, what hangs on a value."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from monitor.charts.chart import BLUE, GREEN, GREY, ORANGE, PALE, RED, Chart, drawn, nothing, top_down
from monitor.charts.tables import shown
from monitor.parameters.load import parameter_index
from monitor.plan import Effect, NightSaid, Sensitivity
from monitor.vocabulary import NO_COUNTY, CaseKind

_NAMED = 8  # indicators named below a picture


def hits_by_night(code: str, nights: Sequence[NightSaid]) -> Chart:
    """What a rule says of past nights: hits that stayed and that are new; those that went.

    Args:
        code: of the rule.
        nights: see `monitor.plan.backtest`.
    """
    heads = {
        "as_of": "数据日期",
        "hit": "命中",
        "new": "新命中",
        "gone": "不再命中",
        "clear": "没有命中",
        "exempt": "已有保障",
        "unknown": "无法判断",
    }
    table = pd.DataFrame([{name: getattr(night, name) for name in heads} for night in nights], columns=[*heads], dtype=object)
    first, last = nights[0], nights[-1]
    title = (
        f"{code}：{len(nights)}晚里命中从{first.hit:,}到{last.hit:,}，最近一晚新增{last.new or 0:,}、不再命中{last.gone or 0:,}"
    )

    def paint(axes: Axes) -> None:
        days = [str(night.as_of) for night in nights]
        new = [night.new or 0 for night in nights]
        axes.bar(
            days, [night.hit - n for night, n in zip(nights, new, strict=True)], color=BLUE, width=0.5, label="前一晚也命中"
        )
        axes.bar(
            days,
            new,
            bottom=[night.hit - n for night, n in zip(nights, new, strict=True)],
            color=ORANGE,
            width=0.5,
            label="新命中",
        )
        axes.bar(days, [-(night.gone or 0) for night in nights], color=PALE, width=0.5, label="不再命中")
        for place, night in enumerate(nights):
            axes.text(place, night.hit, f"{night.hit:,}", ha="center", va="bottom")
        axes.axhline(0, color=GREY, linewidth=0.8)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_ylabel("人或户")
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))

    return drawn(title, shown(table, heads), paint, 3.0, note="第一晚没有可比的前一晚，不分新旧。")


def lists_by_county(effect: Effect) -> Chart:
    """Households on the visit lists before and after a change, by county.

    Args:
        effect: see `monitor.plan.foresee`.
    """
    heads = {"county": "县", "before": "现在", "after": "改后", "joined": "新进", "left": "退出"}
    visits = [one for one in effect.movements if one.kind == CaseKind.VISIT]
    names = {NO_COUNTY: "地址不详", **effect.regions}
    rows = [{"county": names.get(one.county, one.county), **{n: getattr(one, n) for n in [*heads][1:]}} for one in visits]
    table = pd.DataFrame(rows, columns=[*heads], dtype=object)
    before, after = sum(one.before for one in visits), sum(one.after for one in visits)
    joined, left = sum(one.joined for one in visits), sum(one.left for one in visits)
    title = f"走访名单 {before:,} 户变为 {after:,} 户：新进{joined:,}户，退出{left:,}户"
    if not rows:
        return nothing("没有走访名单", shown(table, heads))

    def paint(axes: Axes) -> None:
        start = [0] * len(visits)
        for name, colour, label in (("both", BLUE, "两边都在"), ("left", PALE, "退出"), ("joined", ORANGE, "新进")):
            widths = [getattr(one, name) for one in visits]
            axes.barh(range(len(visits)), widths, left=start, color=colour, height=0.6, label=label)
            start = [begun + width for begun, width in zip(start, widths, strict=True)]
        for place, (one, end) in enumerate(zip(visits, start, strict=True)):
            axes.text(end, place, f" {one.before:,} → {one.after:,}（＋{one.joined:,} －{one.left:,}）", va="center")
        top_down(axes, [str(row["county"]) for row in rows])
        axes.set_xlim(0, max(start) * 1.28 or 1)
        axes.set_xlabel("户")
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))

    return drawn(title, shown(table, heads), paint, 0.35 * len(rows) + 0.9)


def value_by_value(told: Sensitivity) -> Chart:
    """Hits, open cases and listed households for each value of a number.

    Args:
        told: see `monitor.plan.sensitivity`.
    """
    known = parameter_index()[told.parameter]
    heads = {
        "value": f"{known.zh}（{known.unit_zh}）",
        "hits": "命中",
        "cases": "未结走访工单",
        "listed": "在名单上",
        "joined": "新进名单",
        "left": "退出名单",
        "over": "新增超出一周能力的乡镇",
    }
    table = pd.DataFrame([{name: getattr(step, name) for name in heads} for step in told.steps], columns=[*heads], dtype=object)
    table["value"] = [float(step.value) for step in told.steps]
    low, high = told.steps[0], told.steps[-1]
    title = (
        f"{known.zh}从{_number(low.value)}到{_number(high.value)}{known.unit_zh}："
        f"命中{low.hits:,}→{high.hits:,}，未结工单{low.cases:,}→{high.cases:,}，名单{low.listed:,}→{high.listed:,}户"
    )

    def paint(axes: Axes) -> None:
        values = [float(step.value) for step in told.steps]
        for name, colour, marker, line, label in (
            ("hits", BLUE, "o", "-", "命中的人或户"),
            ("cases", GREEN, "s", "-", "未结走访工单"),
            ("listed", ORANGE, "D", "--", "在名单上的户"),
        ):
            now = getattr(told, name)
            more = [getattr(step, name) - now for step in told.steps]
            axes.plot(values, more, color=colour, marker=marker, linestyle=line, label=f"{label}（现在{now:,}）", linewidth=2)
        axes.axhline(0, color=GREY, linewidth=0.8)
        for one in told.now:
            axes.axvline(float(one), color=RED, linestyle="--", linewidth=1)
            axes.annotate(
                f"现行 {_number(one)}", (float(one), 1), (3, -2), xycoords=("data", "axes fraction"),
                textcoords="offset points", va="top", color=RED,
            )  # fmt: skip
        axes.set_xlabel(f"{known.zh}（{known.unit_zh}）")
        axes.set_xticks(values)
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_ylabel("比现在多或少")
        axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))

    touched = "、".join(told.indicators[:_NAMED]) + (f"等{len(told.indicators)}项" if len(told.indicators) > _NAMED else "")
    note = f"每个数值都按当晚的规则重新判断、开案、排单；涉及指标：{touched or '没有'}。"
    return drawn(
        title,
        shown(table, heads),
        paint,
        3.4,
        note=note,
    )


def _number(value: Decimal) -> str:
    return f"{value.normalize():,f}"
