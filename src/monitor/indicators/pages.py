"""The catalogue as people read it: one row of a list, one page per indicator."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from monitor.contracts import Fact, extracts
from monitor.indicators.examples import run_examples
from monitor.indicators.in_force import EXAMPLES, Where, values_in_force
from monitor.indicators.indicator import Indicator
from monitor.indicators.last_night import LastNight
from monitor.indicators.laws import sources
from monitor.indicators.load import Catalogue
from monitor.indicators.plain_rule import plain_condition, plain_exemption, plain_number
from monitor.parameters.load import Value, parameter_index
from monitor.vocabulary import AREA_ZH, DIRECTION_ZH, DOMAINS, LEVEL_ZH, Outcome

LIST_HEADER = ("编号", "名称", "领域", "对象", "方向", "级别", "去向")
UNIT_ZH = {"person": "个人", "household": "家庭"}
ASKED_ZH = {"members": "在世在户成员", "living": "在世人员", "everybody": "全部在册人员"}
OUTCOME_ZH = {Outcome.HIT: "预警", Outcome.CLEAR: "不预警", Outcome.UNKNOWN: "无法判断", Outcome.EXEMPT: "已有保障"}


@dataclass(frozen=True)
class Setting:
    """Where and when a page is read.

    Attributes:
        where: the place and day of the parameters shown.
        values: parameter -> its row in force there.
        night: what the newest run counted; None when there is no run.
    """

    where: Where = EXAMPLES
    values: dict[str, Value] = field(default_factory=lambda: values_in_force(EXAMPLES))
    night: LastNight | None = None


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


def page(indicator: Indicator, setting: Setting | None = None) -> RenderableType:
    """The page of one indicator, with the parameters of a place and day and the counts of the last night."""
    setting = setting or Setting()
    heading = Text(f"{indicator.code} {indicator.title}", style="bold")
    parts = [
        _fields(indicator),
        _facts(indicator),
        _parameters(indicator, setting),
        _night(setting.night),
        _examples(indicator),
    ]
    body = [piece for part in parts for piece in (part, Text())]
    return Panel(Group(*body[:-1]), title=heading, subtitle=indicator.title_en)


def asked_of(indicator: Indicator) -> str:
    """Of whom it is asked, in Chinese."""
    return "全部家庭" if indicator.unit == "household" else ASKED_ZH[indicator.asked]


def departments(fact: Fact) -> str:
    """The departments behind a fact, in the order of its extracts."""
    return "、".join(dict.fromkeys(extracts()[need].department for need in fact.needs))


def _fields(indicator: Indicator) -> Table:
    until = f" 至 {indicator.until}" if indicator.until else ""
    rows = {
        "为什么问": indicator.why,
        "类别": f"{DIRECTION_ZH[indicator.direction]} · 级别{LEVEL_ZH[indicator.level]}({indicator.points}分)"
        + (f" · 同类组 {indicator.family}" if indicator.family else ""),
        "问谁": asked_of(indicator),
        "条件": f"{plain_condition(indicator)}\n{indicator.when}",
        "已有保障": f"{plain_exemption(indicator)}\n{indicator.unless}" if indicator.unless else "—",
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


def _facts(indicator: Indicator) -> Table:
    table = Table("事实", "单位", "部门", "确切含义", title="依据的事实", box=None, title_justify="left")
    for name in indicator.evidence:
        fact = indicator.declared_facts[name]
        unit = "是/否" if fact.type == "bool" else fact.unit_zh or "—"
        cells = (f"{fact.zh}\n{name}", unit, departments(fact), " ".join(fact.meaning.split()))
        table.add_row(*map(Text, cells))
    return table


def _parameters(indicator: Indicator, setting: Setting) -> RenderableType:
    if not indicator.parameters:
        return Text("参数：没有；条件里的数由法规或常理定死")
    where = setting.where
    title = f"{where.region} {AREA_ZH[where.area_kind]} {where.day} 生效的参数"
    table = Table("参数", "值", "适用地区", "起", "文件", title=title, box=None, title_justify="left")
    for name in indicator.parameters:
        declared, value = parameter_index()[name], setting.values.get(name)
        shown: tuple[str, ...] = ("没有生效的值", "—", "—", "—")
        if value:
            shown = (
                f"{plain_number(value.value)} {declared.unit_zh}",
                f"{value.region_code} {AREA_ZH[value.area_kind]}",
                value.valid_from.isoformat(),
                value.document,
            )
        table.add_row(*map(Text, (f"{declared.zh}\n{name}", *shown)))
    return table


def _night(night: LastNight | None) -> Text:
    if night is None:
        return Text("上一晚：这里还没有运行过这项指标")
    counts = night.counts
    return Text(
        f"上一晚（{night.as_of}）：能判断 {counts.judged:,} 个，其中预警 {counts.hit:,} 个；"
        f"无法判断 {counts.unknown:,} 个，已有保障 {counts.exempt:,} 个；共问 {counts.asked:,} 个"
    )


def _examples(indicator: Indicator) -> Table:
    table = Table("例子", "应为", "实为", box=None, title_justify="left")
    for told in run_examples(indicator):
        style = "" if told.is_as_expected else "bold red"
        cells = (told.example.name, OUTCOME_ZH[told.example.expect], OUTCOME_ZH[told.outcome])
        table.add_row(*(Text(cell, style=style) for cell in cells))
    return table
