"""A rule's tree becomes SQL: exact numbers, and SQL's own three-valued logic for what is not known.

`unless` true -> exempt; else `when` false -> clear; else `when` true and `unless` false or absent -> hit; else unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from monitor.indicators.indicator import Rule
from monitor.indicators.syntax import (
    Arithmetic,
    Comparison,
    FactRef,
    Junction,
    Node,
    Not,
    Number,
    OneOf,
    ParamRef,
    Text,
)
from monitor.store import identifier, literal

_WIDE = " as decimal(19,6))"


@dataclass(frozen=True)
class CompiledRule:
    """SQL conditions over a relation `f` of facts (and `p` of parameters); each may be null.

    Attributes:
        exempt, clear, hit: filters: true exactly for the subjects of that outcome.
        open: a filter, never null: true for hits and for what is unknown.
        outcome: an expression that is always one of the four outcomes.
    """

    exempt: str
    clear: str
    hit: str
    open: str
    outcome: str


def compile_rule(rule: Rule, parameters: Mapping[str, str]) -> CompiledRule:
    """Write the SQL of a rule.

    Args:
        rule: the checked rule.
        parameters: SQL of each parameter that it reads, see `inlined` and `joined`.
    """
    when = condition(rule.when, parameters)
    unless = condition(rule.unless, parameters) if rule.unless else "false"
    return CompiledRule(
        exempt=unless,
        clear=f"(not {when} and {unless} is not true)",
        hit=f"({when} and not {unless})",
        open=f"(({when} and not {unless}) is not false)",
        outcome=f"case when {unless} then 'exempt' when not {when} then 'clear' when not {unless} and {when} then 'hit' "
        "else 'unknown' end",
    )


class Inlined(str):
    """SQL of a number that is the same in every row."""


def inlined(value: Decimal) -> Inlined:
    """A parameter that has one value everywhere, as an exact literal: narrow decimals compare faster than wide ones."""
    scale = max(2, -int(value.normalize().as_tuple().exponent))
    return Inlined(f"cast({value:f} as decimal(18,{scale}))")


def joined(name: str) -> str:
    """A parameter whose value depends on the place, from the joined row of `parameters.in_force`."""
    return f"p.{identifier(name)}"


def condition(node: Node, parameters: Mapping[str, str]) -> str:
    """A boolean node as SQL, in parentheses."""
    match node:
        case FactRef(name=name):
            return f"f.{identifier(name)}"
        case Not(operand=operand):
            return f"(not {condition(operand, parameters)})"
        case Junction(word=word, operands=operands):
            return "(" + f" {word} ".join(condition(operand, parameters) for operand in operands) + ")"
        case OneOf(operand=FactRef(name=name), values=values):
            return f"(f.{identifier(name)} in ({', '.join(literal(value.value) for value in values)}))"
        case Comparison(sign=sign, left=FactRef() | Text() as left, right=FactRef() | Text() as right):
            return f"({_plain(left)} {sign} {_plain(right)})"
        case Comparison(sign=sign, left=left, right=right):
            return _exact_comparison(sign, left, right, parameters)
    raise TypeError(f"not a condition: {type(node).__name__}")


def _plain(node: FactRef | Text) -> str:
    return f"f.{identifier(node.name)}" if isinstance(node, FactRef) else literal(node.value)


def _exact_comparison(sign: str, left: Node, right: Node, parameters: Mapping[str, str]) -> str:
    """Compare fractions by multiplying crosswise, because a quotient of decimals would be a float."""
    left_sql, left_divisor = _fraction(left, parameters)
    right_sql, right_divisor = _fraction(right, parameters)
    return f"({_times(left_sql, right_divisor)} {sign} {_times(right_sql, left_divisor)})"


def _fraction(node: Node, parameters: Mapping[str, str]) -> tuple[str, int]:
    """A numeric node as (SQL, divisor): the divisor is a whole number above zero."""
    match node:
        case FactRef(name=name):
            return f"f.{identifier(name)}", 1
        case ParamRef(name=name):
            return parameters[name], 1
        case Number(value=value):
            return str(value), 1
        case Arithmetic(sign="/", left=left, right=Number(value=value)):
            sql, divisor = _fraction(left, parameters)
            return sql, divisor * value
        case Arithmetic(sign=sign, left=left, right=right):
            if sign == "*" and _varies(left, parameters) and _varies(right, parameters):
                parameters = {name: _widened(sql) for name, sql in parameters.items()}
            left_sql, left_divisor = _fraction(left, parameters)
            right_sql, right_divisor = _fraction(right, parameters)
            divisor = left_divisor * right_divisor
            if sign == "*":
                return f"({left_sql} * {right_sql})", divisor
            return f"({_times(left_sql, right_divisor)} {sign} {_times(right_sql, left_divisor)})", divisor
    raise TypeError(f"not a number: {type(node).__name__}")


def _varies(node: Node, parameters: Mapping[str, str]) -> bool:
    """Whether a number differs from row to row: it reads a fact, or a parameter that depends on the place."""
    match node:
        case FactRef():
            return True
        case ParamRef(name=name):
            return not isinstance(parameters[name], Inlined)
        case Arithmetic(left=left, right=right):
            return _varies(left, parameters) or _varies(right, parameters)
    return False


def _widened(sql: str) -> str:
    """A parameter of the place in 128 bits. The product of two decimals of 64 bits has 64 bits too, and beside twelve digits
    behind the point a million no longer fits.
    """
    return sql if isinstance(sql, Inlined) or sql.endswith(_WIDE) else f"cast({sql}{_WIDE}"


def _times(sql: str, factor: int) -> str:
    return sql if factor == 1 else f"({sql} * {factor})"
