"""A catalogue rule over any library whose columns know `& | ~`, comparisons and `+ - *`, with nulls as SQL has them.

Exact without decimals: every number is a whole one and a divisor (money: fen and 100), and fractions are compared
crosswise, which is what the project does in SQL.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from math import gcd
from typing import Any

from job import parameter_values

from monitor.contracts import facts
from monitor.indicators import Indicator
from monitor.indicators.syntax import Arithmetic, Comparison, FactRef, Junction, Node, Not, Number, ParamRef

SCALES = {"money": 100, "num": 10_000}
SIGNS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


@dataclass(frozen=True)
class Columns:
    """A unit's facts in some library.

    Attributes:
        unit: person or household.
        fact: the column of a fact.
        by_area: of two whole numbers the first where `is_rural`, else the second.
    """

    unit: Any
    fact: Callable[[str], Any]
    by_area: Callable[[int, int], Any]


def hit(indicator: Indicator, columns: Columns) -> Any:
    """The three-valued column that is true where the indicator hits somebody of whom it is asked."""
    asked = {"members": "is_member", "living": "is_living"}.get(indicator.asked) if indicator.unit == "person" else None
    found = condition(indicator.rule.when, columns)
    if indicator.rule.unless:
        found = found & ~condition(indicator.rule.unless, columns)
    return columns.fact(asked) & found if asked else found


def condition(node: Node, columns: Columns) -> Any:
    """A boolean node."""
    match node:
        case FactRef(name=name):
            return columns.fact(name)
        case Not(operand=operand):
            return ~condition(operand, columns)
        case Junction(word=word, operands=operands):
            sign = operator.and_ if word == "and" else operator.or_
            return reduce(sign, (condition(operand, columns) for operand in operands))
        case Comparison(sign=sign, left=left, right=right):
            (a, a_divisor), (b, b_divisor) = _fraction(left, columns), _fraction(right, columns)
            common = gcd(a_divisor, b_divisor)
            return SIGNS[sign](_times(a, b_divisor // common), _times(b, a_divisor // common))
    raise TypeError(f"no rule of the job says {type(node).__name__}")


def _fraction(node: Node, columns: Columns) -> tuple[Any, int]:
    """A numeric node as a whole number and its divisor."""
    match node:
        case FactRef(name=name):
            return columns.fact(name), SCALES.get(facts(columns.unit)[name].type, 1)
        case ParamRef(name=name):
            return _parameter(name, columns)
        case Number(value=value):
            return value, 1
        case Arithmetic(sign="/", left=left, right=Number(value=value)):
            number, divisor = _fraction(left, columns)
            return number, divisor * value
        case Arithmetic(sign=sign, left=left, right=right):
            (a, a_divisor), (b, b_divisor) = _fraction(left, columns), _fraction(right, columns)
            if sign == "*":
                return a * b, a_divisor * b_divisor
            common = gcd(a_divisor, b_divisor)
            terms = _times(a, b_divisor // common), _times(b, a_divisor // common)
            return SIGNS[sign](*terms), a_divisor * b_divisor // common
    raise TypeError(f"no rule of the job reckons with {type(node).__name__}")


def _parameter(name: str, columns: Columns) -> tuple[Any, int]:
    ratios = [Decimal(value).as_integer_ratio() for value in parameter_values()[name]]
    (rural, rural_divisor), (urban, urban_divisor) = ratios
    divisor = rural_divisor * urban_divisor // gcd(rural_divisor, urban_divisor)
    rural, urban = rural * (divisor // rural_divisor), urban * (divisor // urban_divisor)
    return (rural if rural == urban else columns.by_area(rural, urban)), divisor


def _times(number: Any, factor: int) -> Any:
    return number if factor == 1 else number * factor
