"""The dictionary of facts with their lineage: extract column -> fact -> indicator."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from monitor.contracts import Fact, extract, extracts, facts
from monitor.contracts.facts import Unit
from monitor.dictionary.lineage import UNITS, membership
from monitor.dictionary.sourced_facts import facts_by_column, sources_of
from monitor.dictionary.sql_columns import SourceColumn
from monitor.handbook.catalogue_pages import indicator_link
from monitor.handbook.markdown import anchor, bullets, link, page, table
from monitor.indicators import Indicator
from monitor.indicators.pages import UNIT_ZH

PATH = "facts.zh-CN.md"
TYPES_ZH = {"bool": "是或否", "int": "整数", "money": "金额", "num": "数", "date": "日期", "text": "代码"}
_HOW_FOUND = """\
来源由程序逐个解析 SQL 得出，一直追到部门数据的列：

- **取自**：它的值由这些列算出。
- **按这些列挑选**：这些列决定哪些记录算数（时间、状态、分组）。
- **另外读到**：同一语句里一并读到的列；这些数据迟到时用手头最近一份，不影响判断。
- 程序只看语句的结构，宁可多列，不会漏列。
- 追到列的注明“追到列”；个别 SQL 文件解析不到列的，列出该文件用到的全部列，注明“追到表”。"""


def fact_page(indicators: dict[str, Indicator]) -> dict[str, str]:
    """Path below `docs/` -> text."""
    count = sum(len(facts(unit)) for unit in UNITS)
    lead = f"指标只能使用这里的{count}个事实：每个事实是什么意思，取自哪个部门的哪一列，用在哪些指标里。"
    parts = ["## 怎样读", _HOW_FOUND, _shared()]
    for unit in UNITS:
        parts += [f"## {UNIT_ZH[unit]}的事实", _index(unit, indicators)]
        parts += [_section(fact, indicators) for fact in facts(unit).values()]
    return {PATH: page("事实词典", lead, [*parts, "## 从数据列看事实", *_by_extract(indicators)])}


def readers(fact: Fact, indicators: dict[str, Indicator]) -> list[Indicator]:
    """The indicators whose rule reads a fact."""
    return [one for one in indicators.values() if one.unit == fact.unit and fact.name in one.rule.facts]


def heading(fact: Fact) -> str:
    """The heading of a fact's section; the unit tells apart two facts of one name."""
    return f"{UNIT_ZH[fact.unit]} {fact.name} {fact.zh}"


def _shared() -> str:
    return (
        "每个事实都以“有哪些人、是否在世、属于哪一户”为基础，这由下列各列认定，各事实之下不再重复（该事实确需的除外）：\n\n"
        + _columns(sorted(membership()))
    )


def _index(unit: Unit, indicators: dict[str, Indicator]) -> str:
    rows = [
        (link(f"`{fact.name}`", anchor(heading(fact))), fact.zh, _kind(fact), str(len(readers(fact, indicators))))
        for fact in facts(unit).values()
    ]
    return table(("代码", "名称", "类型", "用它的指标数"), rows)


def _section(fact: Fact, indicators: dict[str, Indicator]) -> str:
    sources = sources_of(fact)
    depth = "追到列" if sources.is_exact else "追到表"
    fields = [
        ("类型", _kind(fact)),
        ("含义", fact.meaning_zh),
        ("英文定义", " ".join(fact.meaning.split())),
        ("没有记录时", _without_record(fact)),
        ("须按时送到", "、".join(f"{extracts()[need].title} `{need}`" for need in fact.needs)),
        (f"取自（{depth}）", _columns(sources.taken)),
        ("按这些列挑选", _columns(sources.chosen_by)),
        ("另外读到", _columns(sources.aside)),
        ("算出它的文件", f"`sql/facts/**/{fact.table}.sql`"),
        ("用在", "、".join(map(indicator_link, readers(fact, indicators))) or "没有指标直接用，供其他事实或名单使用"),
    ]
    return f"### {heading(fact)}\n\n{bullets(fields)}"


def _kind(fact: Fact) -> str:
    return f"{TYPES_ZH[fact.type]}（{fact.unit_zh}）" if fact.unit_zh else TYPES_ZH[fact.type]


def _without_record(fact: Fact) -> str:
    if fact.no_record is None:
        return "不详，或没有这回事"
    if isinstance(fact.no_record, bool):
        return "是" if fact.no_record else "否"
    return f"{fact.no_record}{fact.unit_zh}"


def _columns(columns: Iterable[SourceColumn]) -> str:
    """One line per extract: department, title, and the columns by the names that the department writes."""
    lines = []
    for name, group in groupby(columns, key=lambda column: column[0]):
        contract = extract(name)
        headers = "、".join(f"{contract.column(column).header} `{column}`" for _, column in group)
        lines.append(f"- {contract.department}《{contract.title}》`{name}`：{headers}")
    return "\n".join(lines)


def _by_extract(indicators: dict[str, Indicator]) -> list[str]:
    found = facts_by_column()
    parts = []
    for name, contract in extracts().items():
        rows = [
            _column_row(f"{column.header} `{column.name}`", found.get((name, column.name), []), indicators)
            for column in contract.columns
        ]
        parts += [f"### {contract.department}《{contract.title}》 {name}", table(("列", "事实", "指标"), rows)]
    return parts


def _column_row(column: str, behind: list[Fact], indicators: dict[str, Indicator]) -> tuple[str, str, str]:
    read = {one.code: one for fact in behind for one in readers(fact, indicators)}
    return (
        column,
        "、".join(f"{fact.zh} `{fact.name}`" for fact in behind),
        "、".join(sorted(read)),
    )
