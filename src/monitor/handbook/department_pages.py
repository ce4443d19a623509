"""An index by department: what it sends, until when, and which indicators cannot be judged if it is late."""

from __future__ import annotations

from monitor.contracts import Extract, extracts
from monitor.handbook.catalogue_pages import indicator_link
from monitor.handbook.extract_pages import CADENCE_ZH, extract_link
from monitor.handbook.lateness import Effect, effect
from monitor.handbook.markdown import anchor, link, page, table
from monitor.indicators import Indicator

PATH = "departments.zh-CN.md"
_EFFECTS_ZH = {
    Effect.BLIND: "任何人都判断不了",
    Effect.MISSES: "发现不了新的对象（仍能判断一部分人“不预警”或“已有保障”）",
    Effect.PARTLY: "部分受影响（条件中另有一路，仍能发现一部分）",
}
_HOW_READ = """\
- 一份数据超过“最迟天数”没有新的合格交付，就算迟到；读它的事实一律按“不详”处理。
- 不详不等于没有：指标对相关的人得出“无法判断”，已经立案的不会因此消除。
- 家庭怎样组成、人在不在世，始终用手头最近一份合格数据，迟到也不变。
- 下面的结论由程序按每条规则推出：把迟到数据对应的事实当作不详，看规则还能得出哪些结论。"""


def department_page(indicators: dict[str, Indicator]) -> dict[str, str]:
    """Path below `docs/` -> text."""
    departments: dict[str, list[Extract]] = {}
    for contract in extracts().values():
        departments.setdefault(contract.department, []).append(contract)
    lead = f"{len(departments)}个部门、{len(extracts())}份数据：报什么，多久报一次，迟到了会怎样。"
    parts = ["## 怎样读", _HOW_READ, _summary(departments, indicators)]
    for department, own in departments.items():
        parts += [f"## {department}", *_whole(own, indicators)]
        parts += [_section(contract, indicators) for contract in own]
    return {PATH: page("部门索引", lead, parts)}


def _summary(departments: dict[str, list[Extract]], indicators: dict[str, Indicator]) -> str:
    rows = []
    for department, own in departments.items():
        found = _effects(own, indicators)
        rows.append(
            (link(department, anchor(department)), str(len(own)), str(len(_lost(found))), str(len(found[Effect.PARTLY])))
        )
    return table(("部门", "数据份数", "全部迟到时判断不了的指标", "部分受影响的指标"), rows)


def _whole(own: list[Extract], indicators: dict[str, Indicator]) -> list[str]:
    if len(own) == 1:
        return []
    found = _effects(own, indicators)
    partly = f"，另有{len(found[Effect.PARTLY])}项部分受影响" if found[Effect.PARTLY] else ""
    return [f"如果贵部门的{len(own)}份数据全部迟到，有**{len(_lost(found))}项**指标判断不了{partly}。各份数据分别如下。"]


def _section(contract: Extract, indicators: dict[str, Indicator]) -> str:
    found = _effects([contract], indicators)
    columns = "、".join(f"{column.header}{'*' if column.required else ''}" for column in contract.columns)
    parts = [
        f"### {contract.title} `{contract.name}`",
        f"- **多久一次**：{CADENCE_ZH[contract.cadence]}；超过**{contract.late_after}天**没有新的合格交付即为迟到\n"
        f"- **列**（*必填）：{columns}；写法见{extract_link(contract)}",
        _consequence(found),
        "\n".join(
            "\n".join(
                [f"- **{_EFFECTS_ZH[kind]}**（{len(hit)}项）", *(f"  - {indicator_link(one)} {one.title}" for one in hit)]
            )
            for kind, hit in found.items()
            if hit
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def _consequence(found: dict[Effect, list[Indicator]]) -> str:
    lost, partly = len(_lost(found)), len(found[Effect.PARTLY])
    if lost:
        return f"如果这份数据迟到，下列**{lost}项**指标判断不了{f'，另有{partly}项部分受影响' if partly else ''}："
    if partly:
        return f"如果这份数据迟到，没有指标完全判断不了，下列**{partly}项**部分受影响："
    return "没有指标因为这份数据迟到而判断不了：读它的事实用手头最近一份，不要求按时。"


def _effects(late: list[Extract], indicators: dict[str, Indicator]) -> dict[Effect, list[Indicator]]:
    found: dict[Effect, list[Indicator]] = {kind: [] for kind in Effect}
    names = [contract.name for contract in late]
    for indicator in indicators.values():
        kind = effect(indicator, names)
        if kind:
            found[kind].append(indicator)
    return found


def _lost(found: dict[Effect, list[Indicator]]) -> list[Indicator]:
    return found[Effect.BLIND] + found[Effect.MISSES]
