"""What a run leaves behind: the tables of the run folder and of the analyst file."""

from __future__ import annotations

from monitor.contracts import OutputTable, facts, outputs
from monitor.contracts.facts import Unit
from monitor.handbook.fact_pages import PATH as FACTS
from monitor.handbook.markdown import link, page, table

PATH = "outputs.zh-CN.md"
_ZONES = {
    "restricted": ("运行目录 `runs/<日期>/`", "限制区：含身份信息，不得外传。每张表一个 Parquet 文件。"),
    "analyst": ("分析库 `published/warehouse.duckdb`", "分析区：以令牌代替身份号码，不含姓名、电话、住址。"),
}
_FACT_TABLES: dict[str, Unit] = {
    "facts_person": "person",
    "facts_household": "household",
    "fact_person": "person",
    "fact_household": "household",
}


def output_page() -> dict[str, str]:
    """Path below `docs/` -> text."""
    parts: list[str] = []
    for zone, (heading, lead) in _ZONES.items():
        parts += [f"## {heading}", lead, *map(_section, outputs(zone).values())]
    lead = "每晚留下的表和列，中英文对照。The tables that a run leaves, in Chinese and English."
    return {PATH: page("结果词典", lead, parts)}


def _section(output: OutputTable) -> str:
    rows = [(f"`{column.name}`", f"`{column.type}`", column.zh, column.en) for column in output.columns]
    key = "、".join(f"`{name}`" for name in output.key)
    parts = [f"### {output.name}", f"{output.zh}。{output.en}.", f"唯一键 key：{key}" if key else ""]
    parts += [table(("列 column", "类型 type", "中文", "English"), rows)] if rows else []
    if output.name in _FACT_TABLES:
        count = len(facts(_FACT_TABLES[output.name]))
        parts.append(f"另有{count}列事实，见{link('事实词典', FACTS)}。And {count} columns of facts.")
    return "\n\n".join(part for part in parts if part)
