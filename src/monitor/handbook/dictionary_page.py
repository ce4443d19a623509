"""The dictionary as a page, in Chinese and English: the reference tables of the analyst file, written out."""

from __future__ import annotations

from itertools import groupby

from monitor.dictionary import REFERENCE, Row
from monitor.handbook.markdown import anchor, link, page, table

PATH = "dictionary.md"
_ZONES = {
    "extract": ("部门数据", "what departments send"),
    "list": ("名单", "what goes to the field"),
    "restricted": ("运行目录（限制区）", "the run folder, restricted"),
    "analyst": ("分析库", "the analyst file"),
}
_LEAD = """\
每张表、每一列、每个代码是什么，空着是什么意思，名单上的每一列从哪里来。What every table, column and code is, \
what a blank means, and where the columns of the lists come from. The same stands in the analyst file: `dictionary_table`, \
`dictionary_column`, `dictionary_code`, `lineage`."""
_HOW_SOURCES = """\
由程序解析 SQL 得出；`case_hits.`、`cases.` 的列由指标写出，指标读哪些事实、事实取自哪些数据列，\
见 [事实词典](facts.zh-CN.md) 和库里的 `lineage`。Read off the SQL; columns of `case_hits` and `cases` are told by indicators, \
of which `lineage` tells the facts and columns behind them. A column without a source is filled in by hand."""
_COLUMNS = ("列 column", "类型 type", "单位 unit", "代码 codes", "中文", "English", "空着 blank", "blank means")


def dictionary_page() -> dict[str, str]:
    """Path below `docs/` -> text."""
    columns = {key: list(rows) for key, rows in groupby(REFERENCE["dictionary_column"](), key=lambda row: row[:2])}
    tables = list(REFERENCE["dictionary_table"]())
    parts = []
    for zone, (zh, en) in _ZONES.items():
        parts.append(f"## {zh} {en}")
        parts += [_table(one, columns.get(one[:2], [])) for one in tables if one[0] == zone]
    parts += ["## 名单各列的来源 where the columns of lists come from", _HOW_SOURCES, _list_sources()]
    parts += ["## 代码表 codes", *_codes()]
    return {PATH: page("词典 dictionary", _LEAD, parts)}


def _table(told: Row, columns: list[Row]) -> str:
    zone, name, kind, zh, en = told
    rows = [
        (
            f"`{column}`{' 键 key' if is_key else ''}",
            f"`{type_}`",
            _both(unit_zh, unit_en),
            link(f"`{codes}`", anchor(f"{codes} codes")) if codes else "",
            str(meaning_zh),
            str(meaning_en),
            str(blank_zh),
            str(blank_en),
        )
        for _, _, _, column, type_, unit_zh, unit_en, codes, is_key, meaning_zh, meaning_en, blank_zh, blank_en in columns
    ]
    return f"### {name} {zone} {kind}\n\n{zh}。{en}.\n\n{table(_COLUMNS, rows)}"


def _both(zh: object, en: object) -> str:
    return f"{zh} {en}" if zh else ""


def _list_sources() -> str:
    edges = sorted(
        (row for row in REFERENCE["source"]() if row[2] == "list"), key=lambda row: (str(row[3]), str(row[4]) != "taken")
    )
    rows = []
    for column, steps in groupby(edges, key=lambda row: row[3]):
        by_how: dict[str, list[str]] = {"taken": [], "chosen_by": []}
        for step in steps:
            by_how[str(step[4])].append(f"`{step[1]}`")
        rows.append((f"`{column}`", "、".join(by_how["taken"]), str(len(by_how["chosen_by"]))))
    return table(("名单列 column", "取自 taken from", "按几列挑选 chosen by, columns"), rows)


def _codes() -> list[str]:
    parts = []
    for name, rows in groupby(REFERENCE["dictionary_code"](), key=lambda row: row[0]):
        body = table(("代码 code", "中文", "English"), ((f"`{code}`", str(zh), str(en)) for _, code, zh, en in rows))
        parts.append(f"### {name} codes\n\n{body}")
    return parts
