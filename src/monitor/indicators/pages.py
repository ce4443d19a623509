"""The catalogue as people read it: one row of a list, one page per indicator."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from monitor.contracts import extracts
from monitor.indicators.examples import run_examples
from monitor.indicators.indicator import Indicator
from monitor.indicators.laws import sources
from monitor.indicators.load import Catalogue
from monitor.parameters.load import parameter_index
from monitor.vocabulary import DIRECTION_ZH, DOMAINS, LEVEL_ZH, Outcome

LIST_HEADER = ("编号", "名称", "领域", "对象", "方向", "级别", "去向")
UNIT_ZH = {"person": "个人", "household": "家庭"}
ASKED_ZH = {"members": "在世在户成员", "living": "在世人员", "everybody": "全部在册人员"}
OUTCOME_ZH = {Outcome.HIT: "预警", Outcome.CLEAR: "不预警", Outcome.UNKNOWN: "无法判断", Outcome.EXEMPT: "已有保障"}


def list_rows(catalogue: Catalogue) -> list[tuple[str, ...]]:
    """One row per indicator, cells as in `LIST_HEADER`."""
    return [
        (
            indicator.code,
            indicator.title,
            DOMAINS[indicator.domain][1],
            UNIT_ZH[indicator.unit],
            DIRECTION_ZH[indicator.direction],
            LEVEL_ZH[indicator.level],
            indicator.route,
        )
        for indicator in catalogue.indicators.values()
    ]


def page(indicator: Indicator) -> RenderableType:
    """The page of one indicator."""
    heading = Text(f"{indicator.code} {indicator.title}", style="bold")
    return Panel(Group(_fields(indicator), Text(), _examples(indicator)), title=heading, subtitle=indicator.title_en)


def _fields(indicator: Indicator) -> Table:
    asked = "全部家庭" if indicator.unit == "household" else ASKED_ZH[indicator.asked]
    until = f" 至 {indicator.until}" if indicator.until else ""
    rows = {
        "为什么问": indicator.why,
        "类别": f"{DIRECTION_ZH[indicator.direction]} · 级别{LEVEL_ZH[indicator.level]}({indicator.points}分)"
        + (f" · 同类组 {indicator.family}" if indicator.family else ""),
        "问谁": asked,
        "条件": indicator.when,
        "已有保障": indicator.unless or "—",
        "参数": "\n".join(f"{name} {parameter_index()[name].zh}" for name in indicator.parameters) or "—",
        "依据事实": "\n".join(f"{name} {indicator.declared_facts[name].zh}" for name in indicator.evidence),
        "数据来源": "\n".join(f"{extracts()[name].department} · {extracts()[name].title}" for name in indicator.extracts),
        "名单上的话": indicator.say,
        "上门问": indicator.ask,
        "常见误报": "\n".join(indicator.false_alarms),
        "去向": indicator.route,
        "政策依据": "\n".join(f"{key} {sources()[key]}" for key in indicator.basis),
        "启用": f"{indicator.since}{until}",
    }
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, text in rows.items():
        table.add_row(name, Text(text))
    return table


def _examples(indicator: Indicator) -> Table:
    table = Table("例子", "应为", "实为", box=None, title_justify="left")
    for told in run_examples(indicator):
        style = "" if told.is_as_expected else "bold red"
        cells = (told.example.name, OUTCOME_ZH[told.example.expect], OUTCOME_ZH[told.outcome])
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table
