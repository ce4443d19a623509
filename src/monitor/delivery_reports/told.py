"""What a reason code means for the department, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from monitor.contracts import Column, Extract, codes
from monitor.contracts.forms import FORMS_ZH, TYPES_ZH
from monitor.sources.rows import BAD_LINE

MOST_LABELS = 20
_MENDS_LINE: Final = "用表格软件打开该行,去掉单元格里的英文双引号和换行,列数与表头对齐后重新导出"


@dataclass(frozen=True)
class Told:
    """A reason in plain Chinese: the header of its column ("" for a whole line), what is wrong, what to do."""

    column: str
    problem: str
    mend: str


def told(contract: Extract, code: str) -> Told:
    """Say a reason code of the contract's extract."""
    if code == BAD_LINE:
        return Told("", "这一行不成一条记录(多出了单元格,或双引号不成对)", _MENDS_LINE)
    reason, _, name = code.partition(":")
    column = contract.column(name)
    if reason == "missing":
        return Told(column.header, f"必填列「{column.header}」是空的", "在业务系统中补上后重新导出")
    return Told(column.header, f"「{column.header}」{_wrong(column)}", may_be(column))


def _wrong(column: Column) -> str:
    if column.kind == "id":
        return "不是有效的身份号码(位数、出生日期或校验码不对,或已变成科学计数法)"
    if column.kind in ("code", "bool", "village"):
        return "不在约定的代码或标签之内"
    return f"看不懂,不是{'金额' if column.kind == 'money' else TYPES_ZH[column.kind]}"


def may_be(column: Column) -> str:
    """What may stand in a column."""
    if column.code_list:
        labels = list(codes()[column.code_list].values())
        shown = "、".join(labels[:MOST_LABELS])
        return f"只能填:{shown}{f'等 {len(labels)} 种' if len(labels) > MOST_LABELS else ''}(或其代码)"
    form = FORMS_ZH[column.kind].replace("`", "")
    remedy = ";在 Excel 中先把该列设为“文本”格式再填写" if column.kind in ("id", "village") else ""
    return f"应为:{form}{remedy}" if column.kind != "text" else "填写文字即可"
