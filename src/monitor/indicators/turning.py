"""Where a rule's answer can turn: a comparison is linear in any one fact or number, so it turns at one value.

The rule as a whole is constant between those values; whoever seeks the nearest one that changes the answer asks only them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from monitor.indicators.indicator import Rule
from monitor.indicators.syntax import Arithmetic, Comparison, FactRef, Node, Number, ParamRef, Text, walk

PARAMETER = "param."


def turns(rule: Rule, moved: str, known: Mapping[str, Any], parameters: Mapping[str, Decimal]) -> Iterator[Fraction]:
    """The values of a fact or a number at which some comparison of a rule turns, all else as it is.

    Args:
        rule: the checked rule.
        moved: a fact, or `param.<name>`.
        known: fact -> value; None = not known.
        parameters: those in force.
    """
    for node in [*walk(rule.when), *(walk(rule.unless) if rule.unless else ())]:
        if not isinstance(node, Comparison) or isinstance(node.left, Text) or isinstance(node.right, Text):
            continue
        left, right = (_line(side, moved, known, parameters) for side in (node.left, node.right))
        if left and right and left[0] != right[0]:
            yield (right[1] - left[1]) / (left[0] - right[0])


def _line(
    node: Node, moved: str, known: Mapping[str, Any], parameters: Mapping[str, Decimal]
) -> tuple[Fraction, Fraction] | None:
    """A number of the rule as slope and intercept over what is moved; None where another fact is not known or it is no line."""
    match node:
        case FactRef(name=own) if own == moved:
            return Fraction(1), Fraction(0)
        case FactRef(name=other, kind="whole" | "amount"):
            return None if known[other] is None else (Fraction(0), Fraction(known[other]))
        case ParamRef(name=own) if PARAMETER + own == moved:
            return Fraction(1), Fraction(0)
        case ParamRef(name=other):
            return Fraction(0), Fraction(parameters[other])
        case Number(value=value):
            return Fraction(0), Fraction(value)
        case Arithmetic(sign=sign, left=left, right=right):
            one, other_side = (_line(side, moved, known, parameters) for side in (left, right))
            return _combined(sign, one, other_side) if one and other_side else None
    return None


def _combined(sign: str, left: tuple[Fraction, Fraction], right: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction] | None:
    (a, b), (c, d) = left, right
    if sign == "+":
        return a + c, b + d
    if sign == "-":
        return a - c, b - d
    if sign == "*" and not (a and c):
        return a * d + c * b, b * d
    return (a / d, b / d) if sign == "/" and not c and d else None
