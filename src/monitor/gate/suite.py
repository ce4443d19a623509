"""What is expected of a delivery, derived from its contract: nothing is declared twice.

None of it refuses: what refuses a delivery is agreed with the departments and decided when deliveries are judged. What does
not hold here is a doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from monitor.contracts import Column, Extract, empty_cells, extract

MOST_QUARANTINED_SHARE = 0.05
MOST_DOUBLED_SHARE = 0.02
MOST_UNREAD_SHARE = 0.05
MOST_MISSING_SHARE = 0.05
MOST_IMPOSSIBLE_SHARE = 0.01
MOST_EMPTY_CHANGE = 0.10
# what the literature on score cards calls a significant shift
MOST_DRIFT = 0.25
# a full extract is the whole population of records: it should hardly change between two deliveries
FULL_ROWS_AGAINST_USUAL = (0.8, 1.5)
DELTA_ROWS_AGAINST_USUAL = (0.1, 10.0)

IS_SHARE: Final = frozenset(
    {
        *("quarantined_share", "doubled_share", "missing_share", "unread_share", "negative_share", "early_share"),
        *("later_share", "empty_change", "rows_against_usual"),
    }
)


@dataclass(frozen=True)
class Expectation:
    """One thing that is expected of a figure.

    Attributes:
        figure: name of the figure.
        column: canonical name; "" when the figure is of the whole delivery.
        low, high: what the figure may be; None = without limit.
        allowed: the same in plain Chinese.
        broken: what is the case when it does not hold, in plain Chinese; `{}` stands for the figure.
        advice: what the department should look at when it does not hold.
    """

    figure: str
    column: str
    low: float | None
    high: float | None
    allowed: str
    broken: str
    advice: str


@cache
def suite_of(name: str) -> tuple[Expectation, ...]:
    """The expectations of an extract."""
    contract = extract(name)
    found = list(_of_delivery(contract))
    for column in contract.columns:
        found += _of_cells(column)
        found += _of_values(contract, column)
    return tuple(found)


def _of_delivery(contract: Extract) -> Iterator[Expectation]:
    said = "{}的行被退回，一般不超过5%"
    yield _most("quarantined_share", "", MOST_QUARANTINED_SHARE, "退回行不超过5%", said, "按退回原因逐项改正后重新报送")
    advice = "核对导出模板,把缺少的列补上;列可以空着,不能没有"
    yield _most("absent_columns", "", 0, "约定的选填列都报送", "缺少{}个约定的选填列", advice)
    advice = "核对导出模板是否改过;确有新列请告知数据接收方修订约定"
    yield _most("new_columns", "", 0, "没有以往未见的约定外列", "多出{}个约定之外、以往没有的列", advice)
    said, advice = "{}的行主键重复，一般不超过2%", "同一主键只留一行;请核对导出时的关联条件"
    yield _most("doubled_share", "", MOST_DOUBLED_SHARE, "重复主键不超过2%", said, advice)
    if contract.mode == "full":
        low, high = FULL_ROWS_AGAINST_USUAL
        advice = "全量报送应包含全部记录;请核对导出条件"
        yield Expectation("rows_read", "", 1, None, "至少一行", "一行也没有", advice)
        said = "80%至150%"
    else:
        low, high = DELTA_ROWS_AGAINST_USUAL
        said = "十分之一至十倍"
    broken = f"行数是近几次中位数的{{}}，一般为{said}"
    advice = "核对导出的范围和起止日期,是否漏报或多报"
    yield Expectation("rows_against_usual", "", low, high, f"行数应为近几次中位数的{said}", broken, advice)


def _of_cells(column: Column) -> Iterator[Expectation]:
    """Whether cells are there and can be read."""
    title, name = f"「{column.header}」", column.name
    if column.required:
        allowed, said = f"必填列{title}为空的行不超过5%", f"必填列{title}有{{}}的行为空，一般不超过5%"
        yield _most("missing_share", name, MOST_MISSING_SHARE, allowed, said, "在业务系统中补录后再导出")
    if column.kind in ("code", "bool", "village"):
        allowed, said = f"{title}不在约定代码内的行不超过5%", f"{title}有{{}}的行不在约定代码内，一般不超过5%"
        yield _most("unread_share", name, MOST_UNREAD_SHARE, allowed, said, "按约定的代码或标签填写")
    elif column.kind != "text":
        allowed, said = f"{title}看不懂的行不超过5%", f"{title}有{{}}的行看不懂，一般不超过5%"
        yield _most("unread_share", name, MOST_UNREAD_SHARE, allowed, said, "按约定的写法填写,核对导出格式")


def _of_values(contract: Extract, column: Column) -> Iterator[Expectation]:
    """Whether values are possible, and as usual."""
    title, name = f"「{column.header}」", column.name
    impossible = [
        (column.kind in ("money", "num", "int"), "negative_share", "小于0", "核对正负号和冲销记录"),
        (column.kind in ("date", "month"), "early_share", "早于1900年", "核对日期的写法和默认值"),
        (name in contract.dated_by, "later_share", "晚于交付日期", "核对日期,或文件名中的交付日期"),
    ]
    for _, figure, what, advice in (one for one in impossible if one[0]):
        said = f"{title}有{{}}{what}，一般不超过1%"
        yield _most(figure, name, MOST_IMPOSSIBLE_SHARE, f"{title}{what}的不超过1%", said, advice)
    if not column.required:
        allowed = f"{title}为空的比例与近几次相差不超过10个百分点"
        said = f"{title}为空的比例与近几次相差{{}}，一般不超过10%"
        yield _most("empty_change", name, MOST_EMPTY_CHANGE, allowed, said, "核对该列是否漏导或改了口径")
    # where an empty cell counts as something, a column may well be empty
    if not column.required and name not in empty_cells().get(contract.name, {}):
        yield Expectation("filled_cells", name, 1, None, f"{title}不应整列为空", f"{title}整列为空", "核对该列是否漏导")
    if column.kind not in ("id", "text"):
        allowed = f"{title}的构成与近几次相近(稳定性指数PSI不超过0.25)"
        said = f"{title}的构成与近几次明显不同（稳定性指数PSI为{{}}，一般不超过0.25）"
        yield _most("drift", name, MOST_DRIFT, allowed, said, "核对代码、单位(元与万元)和导出范围是否变了")


def _most(figure: str, column: str, high: float, allowed: str, broken: str, advice: str) -> Expectation:
    return Expectation(figure, column, None, high, allowed, broken, advice)
