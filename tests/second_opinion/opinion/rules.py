"""Rules asked of one subject's facts: three-valued logic over Python's own syntax tree, in exact fractions."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

_COMPARE = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.In: lambda left, right: left in right,
}  # fmt: skip
_COUNT = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def outcome(when: str, unless: str | None, facts: Mapping[str, Any], parameter: Callable[[str], Decimal]) -> str:
    """exempt if `unless` holds; clear if `when` does not; hit if `when` holds and `unless` does not; else unknown."""
    met = _ask(unless, facts, parameter) if unless else False
    needed = _ask(when, facts, parameter)
    if met is True:
        return "exempt"
    if needed is False:
        return "clear"
    return "hit" if needed is True and met is False else "unknown"


def _ask(rule: str, facts: Mapping[str, Any], parameter: Callable[[str], Decimal]) -> bool | None:
    answer: bool | None = _value(_tree(rule), facts, parameter)
    return answer


@cache
def _tree(rule: str) -> ast.expr:
    text = re.sub(r"(\w+) between (\S+) and ([\w.]+)", r"(\1 >= \2 and \1 <= \3)", rule)
    return ast.parse(re.sub(r"(?<![<>!=])=(?!=)", "==", text), mode="eval").body


def _value(node: ast.expr, facts: Mapping[str, Any], parameter: Callable[[str], Decimal]) -> Any:
    """The value of an expression; None = cannot be told."""
    match node:
        case ast.BoolOp(op=op, values=values):
            answers = [_value(v, facts, parameter) for v in values]
            decisive = isinstance(op, ast.Or)
            return decisive if decisive in answers else None if None in answers else not decisive
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            answer = _value(operand, facts, parameter)
            return None if answer is None else not answer
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            pair = (_value(left, facts, parameter), _value(right, facts, parameter))
            return None if None in pair else _COMPARE[type(op)](*pair)
        case ast.BinOp(left=left, op=op, right=right):
            pair = (_value(left, facts, parameter), _value(right, facts, parameter))
            return None if None in pair else _COUNT[type(op)](*pair)
        case ast.Name(id=name):
            return _exact(facts[name])
        case ast.Attribute(attr=name):
            return _exact(parameter(name))
        case ast.Tuple(elts=items):
            return tuple(_value(item, facts, parameter) for item in items)
        case ast.Constant(value=value):
            return _exact(value)
    raise ValueError(f"a rule says more than it may: {ast.dump(node)}")


def _exact(value: Any) -> Any:
    return Fraction(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value
