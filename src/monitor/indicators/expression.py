"""Read a rule's expression with DuckDB's own parser and keep only what a rule may say.

A rule is a boolean over declared facts of its unit and `param.*`: comparisons, `and`, `or`, `not`, `between`, `in`, and the
four arithmetic signs. It holds no amount, share or multiple of its own: those are parameters. What is kept is a small tree
(`Node`), and SQL is only ever written from that tree, so nothing else that stands in a rule file can reach the database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from monitor.contracts import Fact, codes
from monitor.indicators.sealed import sealed_connection
from monitor.indicators.syntax import Arithmetic, Comparison, FactRef, Junction, Kind, Node, Not, Number, OneOf, ParamRef, Text
from monitor.parameters.nearest import did_you_mean
from monitor.store import literal

LARGEST_NUMBER = 99_999  # the sentinel of `no end date`; ages, months and days are smaller
MONTHS_A_YEAR = 12

_KINDS: dict[str, Kind] = {"bool": "bool", "int": "whole", "money": "amount", "num": "amount", "text": "text"}
_COMPARISONS = {
    "COMPARE_EQUAL": "=",
    "COMPARE_NOTEQUAL": "<>",
    "COMPARE_LESSTHAN": "<",
    "COMPARE_LESSTHANOREQUALTO": "<=",
    "COMPARE_GREATERTHAN": ">",
    "COMPARE_GREATERTHANOREQUALTO": ">=",
}
_REFUSED_CLASSES = {
    "SUBQUERY": "a subquery",
    "WINDOW": "a window function",
    "STAR": "a star",
    "CAST": "a cast or a bare true or false",
    "CASE": "a case expression",
    "LAMBDA": "a lambda",
    "PARAMETER": "a query parameter",
    "POSITIONAL_REFERENCE": "a positional reference",
}
_ALLOWED = "and, or, not, = <> < <= > >=, between, in ('code', ...), + - *, / by a whole number"
_DECIDED_BELOW = "what a blank means is decided once, in the facts"


class ExpressionRefusedError(Exception):
    """An expression says something that a rule may not say: what was found, what is allowed, why."""

    def __init__(self, found: str, allowed: str = _ALLOWED, why: str = "") -> None:
        self.found, self.allowed, self.why = found, allowed, why
        super().__init__(found)


def read_expression(text: str, facts: Mapping[str, Fact], parameters: Mapping[str, object]) -> Node:
    """Read and check one expression.

    Args:
        text: the expression.
        facts: the facts that may be named: those of the rule's unit.
        parameters: the parameters that may be named.

    Raises:
        ExpressionRefusedError: the first thing found that a rule may not say.
    """
    node = _Reader(facts, parameters).node(_parsed(text))
    _expect_bool(node, "the expression as a whole")
    return node


@cache
def _parsed(text: str) -> dict[str, Any]:
    """The syntax tree of the one expression that the text must be."""
    # written as a literal: binding a value makes DuckDB import pandas, which takes longer than reading the catalogue
    query = literal(f"select (\n{text}\n)")
    row = sealed_connection().cursor().execute(f"select json_serialize_sql({query})").fetchone()
    assert row is not None
    tree = json.loads(row[0])
    if tree["error"]:
        raise ExpressionRefusedError(f"cannot be parsed: {str(tree['error_message']).splitlines()[0]}")
    if len(tree["statements"]) != 1 or tree["statements"][0]["node"]["type"] != "SELECT_NODE":
        raise ExpressionRefusedError("more than one expression")
    select = tree["statements"][0]["node"]
    clauses = ("where_clause", "group_expressions", "having", "qualify", "sample", "modifiers")
    if select["from_table"]["type"] != "EMPTY" or select["cte_map"]["map"] or any(select[name] for name in clauses):
        raise ExpressionRefusedError("a whole query")
    if len(select["select_list"]) != 1:
        raise ExpressionRefusedError("more than one expression")
    expression: dict[str, Any] = select["select_list"][0]
    return expression


class _Reader:
    """Turns DuckDB's syntax tree into nodes; whatever it does not know it refuses."""

    def __init__(self, facts: Mapping[str, Fact], parameters: Mapping[str, object]) -> None:
        self.facts = facts
        self.parameters = parameters

    def node(self, tree: dict[str, Any]) -> Node:
        kind = tree["class"]
        if kind in _REFUSED_CLASSES:
            raise ExpressionRefusedError(_REFUSED_CLASSES[kind])
        readers = {
            "COLUMN_REF": self._name,
            "CONSTANT": self._constant,
            "CONJUNCTION": self._junction,
            "COMPARISON": self._comparison,
            "BETWEEN": self._between,
            "OPERATOR": self._operator,
            "FUNCTION": self._function,
        }
        if kind not in readers:
            raise ExpressionRefusedError(f"an expression of class {kind.lower()}")
        return readers[kind](tree)

    def _name(self, tree: dict[str, Any]) -> Node:
        names = tree["column_names"]
        if len(names) == 2 and names[0] == "param":
            if names[1] not in self.parameters:
                raise ExpressionRefusedError(f"param.{names[1]} is not declared", did_you_mean(names[1], self.parameters))
            return ParamRef(names[1])
        name = ".".join(names)
        if name not in self.facts:
            raise ExpressionRefusedError(
                f"{name} is not a fact of this unit",
                did_you_mean(name, self.facts),
                "facts are the only words of a rule; a person rule reads person facts, a household rule household facts",
            )
        if self.facts[name].type not in _KINDS:
            raise ExpressionRefusedError(f"{name} is a date", "facts in days, months or years", "a rule knows no calendar")
        return FactRef(name, _KINDS[self.facts[name].type])

    def _constant(self, tree: dict[str, Any]) -> Node:
        value, sql_type = tree["value"], tree["value"]["type"]["id"]
        if value["is_null"]:
            raise ExpressionRefusedError("null", why=_DECIDED_BELOW)
        if sql_type == "VARCHAR":
            if not any(value["value"] in labels for labels in codes().values()):
                raise ExpressionRefusedError("a text that is no code", "a canonical code of `schemas/codes.toml`")
            return Text(value["value"])
        if sql_type != "INTEGER" or not 0 <= value["value"] <= LARGEST_NUMBER:
            raise ExpressionRefusedError(
                "a number that is not a small whole one",
                f"whole numbers from 0 to {LARGEST_NUMBER} that law or plain meaning fixes, such as ages, months and days",
                "amounts, shares and multiples have a place, a day and a document: they are parameters",
            )
        return Number(value["value"])

    def _junction(self, tree: dict[str, Any]) -> Node:
        operands = tuple(self.node(child) for child in tree["children"])
        for operand in operands:
            _expect_bool(operand, "an operand of and / or")
        return Junction("and" if tree["type"] == "CONJUNCTION_AND" else "or", operands)

    def _comparison(self, tree: dict[str, Any]) -> Node:
        if tree["type"] not in _COMPARISONS:
            raise ExpressionRefusedError("`is distinct from`", why=_DECIDED_BELOW)
        return _compared(_COMPARISONS[tree["type"]], self.node(tree["left"]), self.node(tree["right"]))

    def _between(self, tree: dict[str, Any]) -> Node:
        operand = self.node(tree["input"])
        lower, upper = self.node(tree["lower"]), self.node(tree["upper"])
        return Junction("and", (_compared(">=", operand, lower), _compared("<=", operand, upper)))

    def _operator(self, tree: dict[str, Any]) -> Node:
        match tree["type"]:
            case "OPERATOR_NOT":
                operand = self.node(tree["children"][0])
                _expect_bool(operand, "the operand of not")
                return Not(operand)
            case "COMPARE_IN" | "COMPARE_NOT_IN":
                return self._one_of(tree)
            case "OPERATOR_IS_NULL" | "OPERATOR_IS_NOT_NULL":
                raise ExpressionRefusedError("`is null`", why=_DECIDED_BELOW)
            case "OPERATOR_COALESCE":
                raise ExpressionRefusedError("coalesce", why=_DECIDED_BELOW)
            case other:
                raise ExpressionRefusedError(f"the operator {other.lower()}")

    def _one_of(self, tree: dict[str, Any]) -> Node:
        operand, *values = (self.node(child) for child in tree["children"])
        texts = tuple(value for value in values if isinstance(value, Text))
        if not isinstance(operand, FactRef) or operand.kind != "text" or len(texts) < len(values):
            raise ExpressionRefusedError("`in` with something other than a text fact and codes", "fact in ('code', ...)")
        found = OneOf(operand, texts)
        return found if tree["type"] == "COMPARE_IN" else Not(found)

    def _function(self, tree: dict[str, Any]) -> Node:
        name = tree["function_name"]
        if not tree["is_operator"] or name not in ("+", "-", "*", "/") or len(tree["children"]) != 2:
            raise ExpressionRefusedError(
                f"the function {name}",
                why="a function of the clock, of chance or of other rows would make a night depend on more than its inputs",
            )
        left, right = (self.node(child) for child in tree["children"])
        for operand in (left, right):
            if operand.kind not in ("whole", "amount"):
                raise ExpressionRefusedError(f"`{name}` with something that is no number")
        _check_arithmetic(name, left, right)
        kind: Kind = "amount" if "amount" in (left.kind, right.kind) or name == "/" else "whole"
        return Arithmetic(name, left, right, kind)


def _compared(sign: str, left: Node, right: Node) -> Node:
    numeric = ("whole", "amount")
    if not (left.kind in numeric and right.kind in numeric) and not (left.kind == right.kind == "text" and sign in ("=", "<>")):
        raise ExpressionRefusedError(
            f"`{sign}` between {left.kind} and {right.kind}", "numbers with numbers, texts with codes by = or <>"
        )
    for number, other in ((left, right), (right, left)):
        if isinstance(number, Number) and number.value and other.kind == "amount":
            raise ExpressionRefusedError(
                f"the amount {number.value}",
                "a param.* (add a CSV under `parameters/` for a new one)",
                "an amount has a place, a day and a document: a policy officer must be able to change it without the rule",
            )
    return Comparison(sign, left, right)


def _check_arithmetic(sign: str, left: Node, right: Node) -> None:
    """No multiple or share hides in a product, and a division is by a whole number (so that it can be exact)."""
    if sign == "/" and not (isinstance(right, Number) and right.value > 0):
        raise ExpressionRefusedError("a division by something other than a whole number", "multiply the other side instead")
    if sign in ("*", "/"):
        multiples = [n.value for n in (left, right) if isinstance(n, Number) and n.value != MONTHS_A_YEAR]
        if multiples:
            raise ExpressionRefusedError(
                f"the multiple {multiples[0]}",
                f"a param.*, or {MONTHS_A_YEAR} (months a year)",
                "multiples and shares are policy",
            )
    elif any(
        isinstance(a, Number) and isinstance(b, FactRef) and b.kind == "amount" for a, b in ((left, right), (right, left))
    ):
        raise ExpressionRefusedError("an amount added to a fact", "a param.*", "amounts are policy")


def _expect_bool(node: Node, what: str) -> None:
    if node.kind != "bool":
        raise ExpressionRefusedError(f"{what} is not yes or no", "a yes/no fact or a comparison")
