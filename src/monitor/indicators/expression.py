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
    "SUBQUERY": "子查询",
    "WINDOW": "窗口函数",
    "STAR": "星号",
    "CAST": "类型转换或单独的 true、false",
    "CASE": "case 表达式",
    "LAMBDA": "lambda",
    "PARAMETER": "查询参数",
    "POSITIONAL_REFERENCE": "位置引用",
}
_ALLOWED = "and、or、not、= <> < <= > >=、between、in ('code', ...)、+ - *、除以整数"
_KIND_ZH = {"bool": "是非", "whole": "整数", "amount": "金额", "text": "名目"}
_DECIDED_BELOW = "空白算什么只在事实里定一次，指标不再另定"


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
    _expect_bool(node, "整个条件")
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
        raise ExpressionRefusedError(f"读不懂：{str(tree['error_message']).splitlines()[0]}")
    if len(tree["statements"]) != 1 or tree["statements"][0]["node"]["type"] != "SELECT_NODE":
        raise ExpressionRefusedError("不止一个条件")
    select = tree["statements"][0]["node"]
    clauses = ("where_clause", "group_expressions", "having", "qualify", "sample", "modifiers")
    if select["from_table"]["type"] != "EMPTY" or select["cte_map"]["map"] or any(select[name] for name in clauses):
        raise ExpressionRefusedError("整段查询")
    if len(select["select_list"]) != 1:
        raise ExpressionRefusedError("不止一个条件")
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
            raise ExpressionRefusedError(f"{kind.lower()} 类的写法")
        return readers[kind](tree)

    def _name(self, tree: dict[str, Any]) -> Node:
        names = tree["column_names"]
        if len(names) == 2 and names[0] == "param":
            if names[1] not in self.parameters:
                raise ExpressionRefusedError(f"没有参数 param.{names[1]}", did_you_mean(names[1], self.parameters))
            return ParamRef(names[1])
        name = ".".join(names)
        if name not in self.facts:
            raise ExpressionRefusedError(
                f"{name} 不是这类对象的事实",
                did_you_mean(name, self.facts),
                "条件只认事实；问个人的用个人事实，问家庭的用家庭事实",
            )
        if self.facts[name].type not in _KINDS:
            raise ExpressionRefusedError(f"{name} 是日期", "按天、月、年数的事实", "条件不看日历")
        return FactRef(name, _KINDS[self.facts[name].type])

    def _constant(self, tree: dict[str, Any]) -> Node:
        value, sql_type = tree["value"], tree["value"]["type"]["id"]
        if value["is_null"]:
            raise ExpressionRefusedError("null", why=_DECIDED_BELOW)
        if sql_type == "VARCHAR":
            if not any(value["value"] in labels for labels in codes().values()):
                raise ExpressionRefusedError("不是代码的文字", "`schemas/codes.toml` 里的代码")
            return Text(value["value"])
        if sql_type != "INTEGER" or not 0 <= value["value"] <= LARGEST_NUMBER:
            raise ExpressionRefusedError(
                "不是小整数的数",
                f"法规或常理定死的 0 到 {LARGEST_NUMBER} 的整数，如年龄、月数、天数",
                "金额、比例、倍数有地区、日期和文件，要写成参数",
            )
        return Number(value["value"])

    def _junction(self, tree: dict[str, Any]) -> Node:
        operands = tuple(self.node(child) for child in tree["children"])
        for operand in operands:
            _expect_bool(operand, "and、or 的一边")
        return Junction("and" if tree["type"] == "CONJUNCTION_AND" else "or", operands)

    def _comparison(self, tree: dict[str, Any]) -> Node:
        if tree["type"] not in _COMPARISONS:
            raise ExpressionRefusedError("is distinct from", why=_DECIDED_BELOW)
        return _compared(_COMPARISONS[tree["type"]], self.node(tree["left"]), self.node(tree["right"]))

    def _between(self, tree: dict[str, Any]) -> Node:
        operand = self.node(tree["input"])
        lower, upper = self.node(tree["lower"]), self.node(tree["upper"])
        return Junction("and", (_compared(">=", operand, lower), _compared("<=", operand, upper)))

    def _operator(self, tree: dict[str, Any]) -> Node:
        match tree["type"]:
            case "OPERATOR_NOT":
                operand = self.node(tree["children"][0])
                _expect_bool(operand, "not 后面")
                return Not(operand)
            case "COMPARE_IN" | "COMPARE_NOT_IN":
                return self._one_of(tree)
            case "OPERATOR_IS_NULL" | "OPERATOR_IS_NOT_NULL":
                raise ExpressionRefusedError("is null", why=_DECIDED_BELOW)
            case "OPERATOR_COALESCE":
                raise ExpressionRefusedError("coalesce", why=_DECIDED_BELOW)
            case other:
                raise ExpressionRefusedError(f"运算 {other.lower()}")

    def _one_of(self, tree: dict[str, Any]) -> Node:
        operand, *values = (self.node(child) for child in tree["children"])
        texts = tuple(value for value in values if isinstance(value, Text))
        if not isinstance(operand, FactRef) or operand.kind != "text" or len(texts) < len(values):
            raise ExpressionRefusedError("in 前后不是名目类事实和代码", "fact in ('code', ...)")
        found = OneOf(operand, texts)
        return found if tree["type"] == "COMPARE_IN" else Not(found)

    def _function(self, tree: dict[str, Any]) -> Node:
        name = tree["function_name"]
        if not tree["is_operator"] or name not in ("+", "-", "*", "/") or len(tree["children"]) != 2:
            raise ExpressionRefusedError(
                f"函数 {name}",
                why="看钟点、看运气、看别的行的函数会让结果不只取决于数据",
            )
        left, right = (self.node(child) for child in tree["children"])
        for operand in (left, right):
            if operand.kind not in ("whole", "amount"):
                raise ExpressionRefusedError(f"{name} 的一边不是数")
        _check_arithmetic(name, left, right)
        kind: Kind = "amount" if "amount" in (left.kind, right.kind) or name == "/" else "whole"
        return Arithmetic(name, left, right, kind)


def _compared(sign: str, left: Node, right: Node) -> Node:
    numeric = ("whole", "amount")
    if not (left.kind in numeric and right.kind in numeric) and not (left.kind == right.kind == "text" and sign in ("=", "<>")):
        raise ExpressionRefusedError(
            f"{_KIND_ZH[left.kind]}和{_KIND_ZH[right.kind]}之间用了 {sign}", "数和数比，名目和代码用 = 或 <>"
        )
    for number, other in ((left, right), (right, left)):
        if isinstance(number, Number) and number.value and other.kind == "amount":
            raise ExpressionRefusedError(
                f"金额 {number.value}",
                "param.*（新的参数先在 parameters 里加 CSV）",
                "金额有地区、日期和文件，要能不动指标就改",
            )
    return Comparison(sign, left, right)


def _check_arithmetic(sign: str, left: Node, right: Node) -> None:
    """No multiple or share hides in a product, and a division is by a whole number (so that it can be exact)."""
    if sign == "/" and not (isinstance(right, Number) and right.value > 0):
        raise ExpressionRefusedError("除以整数以外的东西", "改成乘另一边")
    if sign in ("*", "/"):
        multiples = [n.value for n in (left, right) if isinstance(n, Number) and n.value != MONTHS_A_YEAR]
        if multiples:
            raise ExpressionRefusedError(
                f"倍数 {multiples[0]}",
                f"param.*，或 {MONTHS_A_YEAR}（一年的月数）",
                "倍数和比例是政策",
            )
    elif any(
        isinstance(a, Number) and isinstance(b, FactRef) and b.kind == "amount" for a, b in ((left, right), (right, left))
    ):
        raise ExpressionRefusedError("给事实加减金额", "param.*", "金额是政策")


def _expect_bool(node: Node, what: str) -> None:
    if node.kind != "bool":
        raise ExpressionRefusedError(f"{what}不是是非", "是非类的事实或比较")
