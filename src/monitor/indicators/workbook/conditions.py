"""One row of the sheet as one condition: a fact, a comparison, and a number, a parameter or a name of a list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from monitor.contracts import Fact
from monitor.indicators.examples import example_parameters
from monitor.indicators.expression import LARGEST_NUMBER
from monitor.indicators.workbook.reading import Row
from monitor.indicators.workbook.words import JOINERS, NO, SIGNS, YES, CellFault, Words, choice_words, fact_words, nearest
from monitor.indicators.workbook.words import parameter_words as known_parameters
from monitor.parameters.load import Parameter

Value = bool | int | Decimal | str
_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?")
_OTHER_UNIT = {"person": "household", "household": "person"}
_UNIT_NAMES = {"person": "个人", "household": "家庭"}


@dataclass(frozen=True)
class Condition:
    """A condition of a rule.

    Attributes:
        sign: a sign of a rule; `=` with `right` true or false for yes/no facts.
        right: what the fact is compared with; for a parameter its value in the examples.
        parameter: the parameter's name, None when the number or code stands in the rule itself.
        hit_value, clear_value: the officer's own example values.
    """

    row: Row
    fact: Fact
    sign: str
    right: Value
    parameter: str | None
    hit_value: Value | None
    clear_value: Value | None

    @property
    def text(self) -> str:
        """The condition as it stands in the rule."""
        if isinstance(self.right, bool):
            return self.fact.name if self.right else f"not {self.fact.name}"
        if self.parameter:
            return f"{self.fact.name} {self.sign} param.{self.parameter}"
        return (
            f"{self.fact.name} {self.sign} '{self.right}'"
            if isinstance(self.right, str)
            else f"{self.fact.name} {self.sign} {self.right}"
        )

    def holds(self, value: Value) -> bool:
        """Whether a known value meets the condition."""
        match self.sign:
            case "=":
                return value == self.right
            case "<>":
                return value != self.right
            case ">":
                return value > self.right  # type: ignore[operator]
            case ">=":
                return value >= self.right  # type: ignore[operator]
            case "<":
                return value < self.right  # type: ignore[operator]
            case _:
                return value <= self.right  # type: ignore[operator]


def read_condition(row: Row, unit: str | None) -> tuple[Condition | None, list[CellFault]]:
    """Read the condition of a row; None when it cannot be understood.

    Args:
        row: of the sheet.
        unit: `person` or `household`; None when the rule does not say, and then no fact can be understood.
    """
    if unit is None:
        return None, []
    fact, faults = _fact(row, unit)
    if fact is None:
        return None, faults
    sign, sign_faults = _sign(row, fact)
    if sign is None:
        return None, sign_faults
    right, parameter, faults = _right(row, fact, sign)
    given, given_faults = {}, []
    for key in ("hit_value", "clear_value"):
        given[key], wrong = _example_value(row, key, fact)
        given_faults += wrong
    faults += given_faults
    if faults or right is None:
        return None, faults
    plain_sign = "=" if sign in (YES, NO) else SIGNS[sign]
    return Condition(row, fact, plain_sign, right, parameter, given["hit_value"], given["clear_value"]), []


def fact_fault(place: str, text: str, unit: str) -> CellFault:
    """Why a text is no fact of a unit."""
    other = fact_words(_OTHER_UNIT[unit]).find(text)
    if other:
        why = f"对象是{_UNIT_NAMES[unit]}，只能用{_UNIT_NAMES[unit]}的事实"
        remedy = fact_words(unit).nearest(text) or f"看“事实”表里{_UNIT_NAMES[unit]}的事实"
        return CellFault(place, f"“{text}”是{_UNIT_NAMES[_OTHER_UNIT[unit]]}的事实", f"{_UNIT_NAMES[unit]}的事实", why, remedy)
    return CellFault(place, f"没有“{text}”这个事实", "“事实”表里的名称", remedy=fact_words(unit).nearest(text) or "从下拉里选")


def _fact(row: Row, unit: str) -> tuple[Fact | None, list[CellFault]]:
    place, text = row.places["fact"], row.get("fact")
    if not text:
        return None, [CellFault(place, "没有填事实", "“事实”表里的名称", remedy="从下拉里选")]
    fact = fact_words(unit).find(text)
    if fact is None:
        return None, [fact_fault(place, text, unit)]
    if fact.type == "date":
        return None, [CellFault(place, f"“{fact.zh}”是日期", "按天、月、年数的事实", "条件不看日历", "换成“……天数”一类的事实")]
    if fact.type == "text" and not fact.labels:
        return None, [CellFault(place, f"“{fact.zh}”是文字，没有名目", "能比较的事实")]
    return fact, []


def _sign(row: Row, fact: Fact) -> tuple[str | None, list[CellFault]]:
    place, text = row.places["sign"], row.get("sign")
    words: Words[str] = choice_words({word: word for word in (*SIGNS, YES, NO)})
    found = words.find(text) or next((word for word, sign in SIGNS.items() if sign == text), None)
    if not text:
        return None, [CellFault(place, "没有填比较", "、".join(words.choices), remedy="从下拉里选")]
    if found is None:
        return None, [CellFault(place, f"看不懂“{text}”", "、".join(words.choices), remedy=words.nearest(text) or "从下拉里选")]
    allowed = {"bool": (YES, NO), "text": ("等于", "不等于")}.get(fact.type, tuple(SIGNS))
    if found not in allowed:
        kind = {"bool": "是非", "text": "名目"}.get(fact.type, "数")
        return None, [CellFault(place, f"“{fact.zh}”是{kind}，不能用“{found}”", "、".join(allowed))]
    return found, []


def _right(row: Row, fact: Fact, sign: str) -> tuple[Value | None, str | None, list[CellFault]]:
    """What stands on the right of the comparison: (value, parameter, faults)."""
    number, parameter = row.get("value"), row.get("parameter")
    if sign in (YES, NO):
        spare = [key for key in ("value", "parameter") if row.get(key)]
        faults = [CellFault(row.places[key], f"“{sign}”后面不用再填", "空着", remedy="清掉这一格") for key in spare]
        return sign == YES, None, faults
    if number and parameter:
        return None, None, [CellFault(row.places["parameter"], "数值和参数都填了", "只填一个", remedy="清掉其中一格")]
    if parameter:
        return _parameter(row, fact, parameter)
    if not number:
        return (
            None,
            None,
            [CellFault(row.places["value"], "数值和参数都没有填", "填一个", remedy="金额、比例选参数，年龄、月数填数值")],
        )
    if fact.type == "text":
        value, faults = _code(row.places["value"], fact, number)
        return value, None, faults
    whole, faults = _whole(row.places["value"], fact, number)
    return whole, None, faults


def _parameter(row: Row, fact: Fact, text: str) -> tuple[Value | None, str | None, list[CellFault]]:
    place = row.places["parameter"]
    found = known_parameters().find(text)
    if found is None:
        remedy = known_parameters().nearest(text) or "从下拉里选；新参数先在 parameters 目录登记"
        return None, None, [CellFault(place, f"没有“{text}”这个参数", "“参数”表里的名称", remedy=remedy)]
    if fact.type == "text":
        return None, None, [CellFault(place, f"“{fact.zh}”是名目，不能和参数比", "在“数值”里选名目")]
    fault = _unit_fault(place, fact, found)
    return (None, None, [fault]) if fault else (example_parameters()[found.name], found.name, [])


def _unit_fault(place: str, fact: Fact, parameter: Parameter) -> CellFault | None:
    """A sum of money with a number of months, or a month's income with a year's line, cannot be compared."""
    base, _, per = parameter.unit_zh.partition("/")
    unit = fact.unit_zh or "比例"
    if unit != base:
        found = f"事实“{fact.zh}”的单位是{unit}，参数“{parameter.zh}”的单位是{parameter.unit_zh}"
        return CellFault(place, found, f"单位是{unit}的参数", "单位不同不能比较")
    is_month, is_year = "_month_" in fact.name or "monthly" in fact.name, "_year_" in fact.name or "_12m_" in fact.name
    if (is_month and per == "年") or (is_year and per == "月"):
        found = f"事实“{fact.zh}”按{'月' if is_month else '年'}算，参数“{parameter.zh}”是{parameter.unit_zh}"
        return CellFault(place, found, "同样按月或按年的参数", "差十二倍，会错报或漏报")
    return None


def _whole(place: str, fact: Fact, text: str) -> tuple[int | None, list[CellFault]]:
    number = _number(text)
    if number is None:
        return None, [CellFault(place, f"“{text}”不是数", "整数，如 60", remedy="只写数字，不写单位")]
    if number < 0:
        return None, [CellFault(place, f"{text} 是负数", f"0 到 {LARGEST_NUMBER} 的整数")]
    if fact.type in ("money", "num") and number:
        why = "金额、比例各地各年不同，要有文件依据，改的时候不动指标"
        return None, [CellFault(place, f"“{fact.zh}”不能直接和 {text} 比", "参数（0 除外）", why, "清掉数值，在“参数”里选")]
    if number != int(number):
        return None, [CellFault(place, f"{text} 不是整数", "整数", "比例、倍数是参数", "在“参数”里选")]
    if number > LARGEST_NUMBER:
        return None, [CellFault(place, f"{text} 太大", f"不超过 {LARGEST_NUMBER}")]
    return int(number), []


def _code(place: str, fact: Fact, text: str) -> tuple[str | None, list[CellFault]]:
    labels = fact.labels
    if text in labels:
        return text, []
    code = next((code for code, label in labels.items() if label == text), None)
    if code is None:
        found = f"“{fact.zh}”没有“{text}”这个名目"
        return None, [
            CellFault(place, found, "、".join(labels.values()), remedy=nearest(text, labels.values()) or "从可填的里选")
        ]
    return code, []


def _example_value(row: Row, key: str, fact: Fact) -> tuple[Value | None, list[CellFault]]:
    text = row.get(key)
    if not text:
        return None, []
    if fact.type == "bool":
        if text in (YES, NO):
            return text == YES, []
        return None, [CellFault(row.places[key], f"“{text}”不是是非", f"{YES}、{NO}")]
    if fact.type == "text":
        return _code(row.places[key], fact, text)
    number = _number(text)
    if number is None:
        return None, [CellFault(row.places[key], f"例子的值“{text}”不是数", "数，如 18300", remedy="只写数字，不写单位")]
    places = {"int": 0, "money": 2, "num": 4}[fact.type]
    if number != round(number, places):
        return None, [CellFault(row.places[key], f"例子的值 {text} 小数位太多", f"最多 {places} 位小数" if places else "整数")]
    return (int(number) if fact.type == "int" else number), []


def _number(text: str) -> Decimal | None:
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def joiner_faults(rows: list[Row]) -> tuple[str, list[CellFault]]:
    """The word that joins the conditions of a rule: `and` or `or`."""
    faults, words = [], []
    first, *further = rows
    if first.get("joiner"):
        faults.append(CellFault(first.places["joiner"], "第一个条件不用填关系", "空着", remedy="清掉这一格"))
    for row in further:
        text, place = row.get("joiner"), row.places["joiner"]
        if not text:
            faults.append(CellFault(place, "没有填和上一个条件的关系", "、".join(JOINERS)))
        elif text not in JOINERS:
            faults.append(CellFault(place, f"看不懂“{text}”", "、".join(JOINERS), remedy=nearest(text, JOINERS)))
        else:
            words.append(JOINERS[text])
            if words[-1] != words[0]:
                why = "且、或混用时先算哪个说不清"
                faults.append(CellFault(place, "同一指标里“且”“或”混用", "只用一种", why, "拆成两个指标"))
    return (words[0] if words else "and"), faults
