"""The workbook: what the catalogue asks, the words for asking, and an empty sheet with drop-downs for new indicators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.contracts import facts
from monitor.indicators.in_force import Where
from monitor.indicators.indicator import Indicator
from monitor.indicators.laws import sources
from monitor.indicators.load import Catalogue
from monitor.indicators.pages import UNIT_ZH, asked_of, departments
from monitor.indicators.plain_rule import plain_condition, plain_exemption, plain_reason
from monitor.indicators.workbook.columns import COLUMNS, FACT_SHEET, MOST_ROWS, NEW_SHEET, PARAMETER_SHEET
from monitor.indicators.workbook.words import (
    DIRECTIONS,
    JOINERS,
    LEVELS,
    OPERATORS,
    UNITS,
    fact_words,
    parameter_words,
)
from monitor.parameters.load import load_parameters, parameter_index
from monitor.vocabulary import AREA_ZH, DIRECTION_ZH, DOMAINS, LEVEL_ZH

_TYPES = {"bool": "是/否", "int": "整数", "money": "金额", "num": "数", "date": "日期", "text": "名目"}
_BEGINNING = datetime(2026, 1, 1)  # written as the day of creation, so that the same catalogue gives the same file
_EMPTY_ROWS = min(500, MOST_ROWS)
_HELP = (
    "一个指标占一行或相邻的几行：第一行填全，以后每行只填一个条件（关系、事实、比较、数值或参数、例子的值）。",
    "关系：第一个条件空着，以后各行写“且”或“或”；一个指标只用一种。",
    "事实：从下拉里选，先是个人的，再是家庭的；括号里是提供数据的部门。对象是家庭的指标只能用家庭的事实。",
    "数值只填年龄、月数、天数、人数这类整数，或名目（如被拒原因）。金额、比例、倍数各地各年不同，一律选参数。",
    "名单上的话：花括号里写条件里的事实名称或参数名称，如 {年龄} 岁；填上数后不超过60个字，要有作判断的数。",
    "例子不用自己编：系统会造出预警、不预警、正好等于界限、缺数据、已有保障各种例子，用真正的规则验过才收。",
    "填好后运行  monitor indicators import 文件.xlsx  ；有错会指出是哪一格、可以填什么，改完再导，没有全对以前一个文件也不写。",
    "导出的 .toml 放进 <工作目录>/indicators/ 后，下一晚起生效；生效前可先看影响。",
)


def write_workbook(path: Path, catalogue: Catalogue, where: Where, own_parameters: Path | None = None) -> None:
    """Write the catalogue as a workbook of texts and numbers, without a formula.

    Args:
        path: the .xlsx file.
        catalogue: the indicators.
        where: the day on which parameter values must be in force; all regions are shown.
        own_parameters: the installation's own parameter files.
    """
    import xlsxwriter

    path.parent.mkdir(parents=True, exist_ok=True)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"title": "监测指标目录", "created": _BEGINNING})
        style = {
            "head": book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "text_wrap": True, "valign": "top"}),
            "cell": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        _table(book, style, "填写说明", ("怎么填",), [(line,) for line in _HELP], (110,))
        _new_sheet(book, style)
        indicators = [_indicator_row(indicator) for indicator in catalogue.indicators.values()]
        _table(
            book,
            style,
            "全部指标",
            _INDICATOR_HEADER,
            indicators,
            (10, 22, 14, 8, 14, 10, 8, 30, 44, 26, 44, 30, 24, 18, 26, 16),
        )
        _table(book, style, FACT_SHEET, _FACT_HEADER, _fact_rows(), (44, 32, 10, 8, 8, 24, 36, 60))
        _table(
            book,
            style,
            PARAMETER_SHEET,
            _PARAMETER_HEADER,
            _parameter_rows(where, own_parameters),
            (40, 34, 10, 14, 10, 12, 14, 50),
        )
        _table(book, style, "比较", ("写法", "意思", "例子"), OPERATORS, (12, 50, 40))
        _table(book, style, "政策依据", ("编号", "文件或做法"), sorted(sources().items()), (12, 80))


_INDICATOR_HEADER = (
    "编号", "名称", "领域", "对象", "问谁", "方向", "级别", "为什么问", "条件", "已有保障", "名单上的话", "上门问",
    "常见误报", "去向", "数据部门", "政策依据",
)  # fmt: skip
_FACT_HEADER = ("选用时的写法", "名称", "对象", "类型", "单位", "部门", "代码名", "确切含义")
_PARAMETER_HEADER = ("选用时的写法", "代码名", "单位", "地区代码", "城乡", "起", "值", "文件")


def _indicator_row(indicator: Indicator) -> tuple[str, ...]:
    names = dict.fromkeys(departments(indicator.declared_facts[name]) for name in indicator.evidence)
    single = dict.fromkeys(department for joined in names for department in joined.split("、"))
    return (
        indicator.code,
        indicator.title,
        DOMAINS[indicator.domain][1],
        UNIT_ZH[indicator.unit],
        asked_of(indicator),
        DIRECTION_ZH[indicator.direction],
        LEVEL_ZH[indicator.level],
        indicator.why,
        plain_condition(indicator),
        plain_exemption(indicator),
        plain_reason(indicator),
        indicator.ask,
        "；".join(indicator.false_alarms),
        indicator.route,
        "、".join(single),
        "、".join(indicator.basis),
    )


def _fact_rows() -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for unit in ("person", "household"):
        for label, fact in zip(fact_words(unit).choices, facts(unit).values(), strict=True):
            meaning = " ".join(fact.meaning.split())
            labels = "、".join(fact.labels.values()) if fact.type == "text" else ""
            kind = f"{_TYPES[fact.type]}：{labels}" if labels else _TYPES[fact.type]
            rows.append((label, fact.zh, UNIT_ZH[unit], kind, fact.unit_zh, departments(fact), fact.name, meaning))
    return rows


def _parameter_rows(where: Where, own: Path | None) -> list[tuple[Any, ...]]:
    """One row per parameter, region and area kind that has a value in force on the day; the labels stand first and once."""
    newest: dict[tuple[str, str, str], Any] = {}
    for value in load_parameters([own] if own else []).values:
        if value.valid_from <= where.day:  # values are in the order of their days
            newest[value.parameter, value.region_code, value.area_kind] = value
    index, labels = parameter_index(), dict(zip(parameter_index(), parameter_words().choices, strict=True))
    return [
        (
            labels[v.parameter],
            v.parameter,
            index[v.parameter].unit_zh,
            v.region_code,
            AREA_ZH[v.area_kind],
            v.valid_from.isoformat(),
            v.value,
            v.document,
        )
        for v in sorted(newest.values(), key=lambda v: (list(index).index(v.parameter), v.region_code, v.area_kind))
    ]


def _table(
    book: Any, style: dict[str, Any], title: str, header: Sequence[str], rows: Sequence[Sequence[Any]], widths: Sequence[int]
) -> None:
    sheet = book.add_worksheet(title)
    for column, (name, width) in enumerate(zip(header, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, style["head"])
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, column, cell, style["cell"])
            else:
                sheet.write_number(number, column, cell, style["cell"])
    sheet.freeze_panes(1, 2 if len(header) > 2 else 0)
    if len(header) > 2:
        sheet.autofilter(0, 0, len(rows), len(header) - 1)


def _new_sheet(book: Any, style: dict[str, Any]) -> None:
    """The empty sheet: every cell is text, and columns with a list of words have a drop-down."""
    sheet, choices = book.add_worksheet(NEW_SHEET), book.add_worksheet("下拉")
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for column, one in enumerate(COLUMNS):
        sheet.set_column(column, column, one.width, text)
        sheet.write_string(0, column, one.header, style["head"])
        rule = {"validate": "any", "input_title": one.header, "input_message": one.hint}
        words = _drop_down(one.key)
        if words:
            letter = chr(ord("A") + column)
            choices.write_column(0, column, words)
            source = f"=下拉!${letter}$1:${letter}${len(words)}"
            message = "请从下拉里选，或看“填写说明”。"
            rule |= {"validate": "list", "source": source, "error_title": "没有这个选项", "error_message": message}
            rule |= {"error_type": "warning"}
        sheet.data_validation(1, column, _EMPTY_ROWS, column, rule)
    choices.hide()
    sheet.freeze_panes(1, 2)


def _drop_down(key: str) -> tuple[str, ...]:
    """The words of a column's drop-down; empty when it is written freely."""
    return {
        "unit": tuple(UNITS),
        "direction": tuple(DIRECTIONS),
        "level": tuple(LEVELS),
        "joiner": tuple(JOINERS),
        "fact": (*fact_words("person").choices, *fact_words("household").choices),
        "sign": tuple(word for word, _, _ in OPERATORS if word not in JOINERS),
        "parameter": parameter_words().choices,
        "basis": tuple(sorted(sources())),
    }.get(key, ())
