"""A clerk's sheet: ten rules as an officer would write them, and a way to write any rows into a workbook."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from monitor.indicators.workbook.columns import COLUMNS, NEW_SHEET

HEADERS = [column.header for column in COLUMNS]
Row = dict[str, str]


def rule(code: str, title: str, **cells: str) -> Row:
    """The first row of a rule, with everything that every rule needs."""
    return {
        "编号": code,
        "名称": title,
        "为什么问": "这样的人多半有难处。",
        "对象": "个人",
        "方向": "风险预警",
        "级别": "中",
        "去向": "走访",
        "名单上的话": "{年龄} 岁",
        "上门问": "现在怎样？",
        "常见误报": "登记有误；已经改善",
        "政策依据": "N1",
    } | cells


def more(joiner: str, **cells: str) -> Row:
    """A further condition."""
    return {"关系": joiner} | cells


TEN = [
    rule("IDH-901", "九十岁以上老人", 事实="年龄", 比较="大于等于", 数值="90", 名单上的话="{年龄} 岁高龄老人"),
    rule("EXP-901", "一年自付很高", 方向="应享未享", 级别="高", 同类组="self_paid",
         事实="近12个月个人自付医疗（医保）", 比较="大于", 参数="普通居民自付预警线（元/年）", 已有保障="已在低收入人口名单中",
         名单上的话="近12个月自付 {近12个月个人自付医疗} 元，超过 {普通居民自付预警线} 元"),
    more("且", 事实="农业户口", 比较="是"),
    rule("INC-901", "老人没有养老金", 方向="应享未享", 事实="年龄", 比较="大于等于", 参数="领取居民养老金年龄",
         名单上的话="{年龄} 岁，已到 {领取居民养老金年龄} 岁，没有养老待遇"),
    more("且", 事实="has_any_pension", 比较="否"),
    rule("HLT-901", "独居重残", 级别="紧急", 事实="is_severely_disabled", 比较="是", 名单上的话="重度残疾，一个人住"),
    more("且", 事实="lives_alone", 比较="是"),
    rule("IDH-902", "家里孩子多", 对象="家庭", 事实="未成年人数", 比较="大于等于", 数值="4", 预警例值="5", 不预警例值="1",
         已有保障="on_dibao、on_tekun", 名单上的话="家里有 {未成年人数} 个孩子"),
    rule("AST-901", "被拒原因是车辆", 对象="家庭", 方向="应享未享", 事实="refused_for", 比较="等于", 数值="名下车辆",
         名单上的话="{最近一次被拒距今} 个月前申请因车辆没批"),
    more("且", 事实="refused_months", 比较="小于等于", 数值="24"),
    rule("EHD-901", "绝收或受灾损失大", 对象="家庭", 级别="高", 事实="crop_loss_share", 比较="大于等于", 参数="绝收比例",
         名单上的话="绝收 {crop_loss_share:百分比}，受灾损失 {disaster_loss_12m_yuan} 元"),
    more("或", 事实="disaster_loss_12m_yuan", 比较="大于", 参数="受灾损失", 预警例值="18,300.50"),
    rule("EXP-902", "学费高", 事实="school_cost_year_yuan", 比较="大于等于", 参数="教育负担起点", 启用日期="2026-03-01",
         英文名称="High school fees", 名单上的话="全年学费 {school_cost_year_yuan} 元，达到 {教育负担起点} 元"),
    rule("INC-902", "劳动年龄失业", 事实="年龄", 比较="大于等于", 数值="18", 级别="低"),
    more("且", 事实="年龄", 比较="小于", 数值="60"),
    more("且", 事实="is_employed", 比较="否"),
    rule("BEN-901", "登记失联仍在享", 方向="待遇复核", 事实="is_missing", 比较="是", 政策依据="N1、inference",
         名单上的话="登记失踪，仍有 {current_benefit_count} 项待遇"),
    more("且", 事实="current_benefit_count", 比较="大于", 数值="0"),
]  # fmt: skip


def write_sheet(path: Path, rows: list[Row], *, title: str = NEW_SHEET, headers: list[str] | None = None) -> Path:
    """Write rows below a header; a cell that begins with `=` becomes a formula."""
    headers = headers or HEADERS
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(title)
        sheet.write_row(0, 0, headers)
        for number, row in enumerate(rows, start=1):
            for column, header in enumerate(headers):
                cell = row.get(header, "")
                if cell.startswith("=f:"):
                    sheet.write_formula(number, column, cell[3:])
                elif cell:
                    sheet.write_string(number, column, cell)
    return path
