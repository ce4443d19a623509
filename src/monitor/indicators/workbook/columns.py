"""The columns of the sheet 新指标."""

from __future__ import annotations

from dataclasses import dataclass

NEW_SHEET = "新指标"
FACT_SHEET, PARAMETER_SHEET = "事实", "参数"
MOST_ROWS = 2000
LONGEST_CELL = 300


@dataclass(frozen=True)
class SheetColumn:
    """One column.

    Attributes:
        key: its name in code.
        header: what stands in the head of the sheet.
        hint: what to fill in, shown when the cell is chosen.
        required: the first row of a rule must fill it.
        each_row: it belongs to a condition, so further rows of a rule may fill it.
        width: in characters.
    """

    key: str
    header: str
    hint: str
    required: bool = False
    each_row: bool = False
    width: int = 14


COLUMNS = (
    SheetColumn("code", "编号", "如 EXP-901；同一指标的下一行条件可以空着", required=True, width=10),
    SheetColumn("title", "名称", "十来个字", required=True, width=20),
    SheetColumn("title_en", "英文名称", "可以空着"),
    SheetColumn("why", "为什么问", "一两句话", required=True, width=30),
    SheetColumn("unit", "对象", "个人或家庭", required=True, width=8),
    SheetColumn("direction", "方向", "风险预警、应享未享要上门；待遇复核、经办督办不上门", required=True, width=10),
    SheetColumn("level", "级别", "紧急8分、高5分、中3分、低1分", required=True, width=8),
    SheetColumn("family", "同类组", "可以空着；同组只计最高一项的分"),
    SheetColumn("route", "去向", "上门后可能走的路，如 低保评估", required=True, width=16),
    SheetColumn("since", "启用日期", "如 2026-01-01；空着就是 2026-01-01", width=12),
    SheetColumn("joiner", "关系", "第一个条件空着；以后各行写 且 或 或，一个指标只用一种", each_row=True, width=8),
    SheetColumn("fact", "事实", "从下拉里选，括号里是提供数据的部门", required=True, each_row=True, width=34),
    SheetColumn("sign", "比较", "大于、小于……；是非类的事实选 是 或 否", required=True, each_row=True, width=10),
    SheetColumn("value", "数值", "年龄、月数、天数这类整数或名目；金额、比例用参数", each_row=True, width=10),
    SheetColumn("parameter", "参数", "从下拉里选；数值和参数只填一个", each_row=True, width=30),
    SheetColumn("hit_value", "预警例值", "可以空着，由系统造", each_row=True, width=12),
    SheetColumn("clear_value", "不预警例值", "可以空着，由系统造", each_row=True, width=12),
    SheetColumn("unless", "已有保障", "可以空着；是非类的事实，几个用顿号隔开，有一个成立就不预警", width=26),
    SheetColumn("say", "名单上的话", "花括号里写事实或参数的名称，如 {年龄} 岁；填上数后不超过60字", required=True, width=44),
    SheetColumn("ask", "上门问", "一两个问题", required=True, width=26),
    SheetColumn("false_alarms", "常见误报", "几个用分号隔开", required=True, width=26),
    SheetColumn("basis", "政策依据", "依据编号，几个用顿号隔开；没有出处写 inference", required=True, width=14),
)
BY_HEADER = {column.header: column for column in COLUMNS}
BY_KEY = {column.key: column for column in COLUMNS}


def letters(index: int) -> str:
    """The name of a column by its number from 0: A, B ... Z, AA."""
    name = ""
    while index >= 0:
        index, rest = divmod(index, 26)
        name, index = chr(ord("A") + rest) + name, index - 1
    return name
