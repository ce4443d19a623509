"""What DuckDB and Spark both have, and mean differently; one rule each, compared on both engines in tests/spark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlglot import exp

_WHOLE: Final = {exp.DataType.Type.TINYINT, exp.DataType.Type.SMALLINT, exp.DataType.Type.INT, exp.DataType.Type.BIGINT}
_ALREADY_WHOLE: Final = (
    exp.Count,
    exp.RowNumber,
    exp.IntDiv,
    exp.Year,
    exp.Month,
    exp.Day,
    exp.Length,
    exp.BitwiseAnd,
    exp.BitwiseRightShift,
)


class NotComparable(Exception):
    """A construct that is not known to mean the same in Spark."""


def rewrite(tree: exp.Expression) -> exp.Expression:
    """Apply every rule to every node."""
    for rule in _RULES:
        tree = bottom_up(tree, rule)
    return tree


def bottom_up(node: exp.Expression, rule: Callable[[exp.Expression], exp.Expression]) -> exp.Expression:
    """Apply a rule to every node, those below first: sqlglot's own walk does not look into what a rule has put in."""
    for child in list(node.iter_expressions()):
        changed = bottom_up(child, rule)
        if changed is not child:
            child.replace(changed)
    return rule(node)


def call(name: str, *arguments: exp.Expression) -> exp.Anonymous:
    """A call of a function of Spark."""
    return exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])


def _union_by_name(node: exp.Expression) -> exp.Expression:
    """Spark's SQL has no `union all by name`: the columns are put in order, absent ones are null."""
    if not (isinstance(node, exp.Union) and node.args.get("by_name")):
        return node
    sides = [node.this, node.expression]
    if not all(isinstance(side, exp.Select) and not side.is_star for side in sides):
        raise NotComparable("union by name of something else than two plain selects")
    given = [{one.alias_or_name: one for one in side.expressions} for side in sides]
    order = list(given[0] | given[1])
    for side, columns in zip(sides, given, strict=True):
        side.set("expressions", [columns[name] if name in columns else exp.alias_(exp.null(), name) for name in order])
    node.set("by_name", False)
    return node


def _hugeint(node: exp.Expression) -> exp.Expression:
    """128 bits are 38 digits."""
    if isinstance(node, exp.DataType) and node.this == exp.DataType.Type.INT128:
        return exp.DataType.build("decimal(38,0)")
    return node


def _rounding_cast(node: exp.Expression) -> exp.Expression:
    """DuckDB rounds half away from zero where Spark cuts off; Spark's cast to a decimal rounds so too."""
    if type(node) is not exp.Cast or node.to.this not in _WHOLE or _is_whole(node.this):
        return node
    return exp.cast(exp.cast(node.this, "decimal(38,0)"), node.to)


def _is_whole(node: exp.Expression) -> bool:
    """Whether a value is certainly an integer of at most 64 bits."""
    if isinstance(node, exp.Paren | exp.Filter | exp.Window):
        return _is_whole(node.this)
    if isinstance(node, exp.Add | exp.Sub | exp.Mul):
        return _is_whole(node.left) and _is_whole(node.right)
    if isinstance(node, exp.Case):
        branches = [branch.args["true"] for branch in node.args["ifs"]] + [node.args.get("default") or exp.null()]
        return all(isinstance(branch, exp.Null) or _is_whole(branch) for branch in branches)
    if isinstance(node, exp.Anonymous):
        return node.name.lower() in ("datediff", "bit_count")
    if isinstance(node, exp.Cast):
        return node.to.this in _WHOLE
    if isinstance(node, exp.Literal):  # a longer one is a decimal
        return node.is_int and abs(int(node.this)) < 2**63
    return isinstance(node, _ALREADY_WHOLE)


def _sign(node: exp.Expression) -> exp.Expression:
    """Spark's sign() is a float."""
    if not isinstance(node, exp.Sign):
        return node
    zero = exp.Literal.number(0)
    return exp.paren(
        exp.Case()
        .when(exp.LT(this=node.this.copy(), expression=zero.copy()), exp.Literal.number(-1))
        .when(exp.GT(this=node.this.copy(), expression=zero.copy()), exp.Literal.number(1))
        .when(exp.EQ(this=node.this.copy(), expression=zero.copy()), zero)
    )


def _whole_quotient(node: exp.Expression) -> exp.Expression:
    """Spark's `div` is 64 bits wide whatever it divides, and wraps without a word: only plain integers may use it."""
    if not isinstance(node, exp.IntDiv) or (_is_whole(node.left) and _is_whole(node.right)):
        return node
    numerator, divisor = (exp.cast(side, "decimal(38,0)") for side in (node.left, node.right))
    exact = exp.paren(exp.Sub(this=numerator, expression=exp.Mod(this=numerator.copy(), expression=divisor)))
    return exp.cast(exp.Div(this=exact, expression=divisor.copy()), "decimal(38,0)")


def _truncate(node: exp.Expression) -> exp.Expression:
    """Spark's trunc() is of dates."""
    if not (isinstance(node, exp.Trunc) and not node.args.get("decimals")):
        return node
    negative = exp.LT(this=node.this.copy(), expression=exp.Literal.number(0))
    return exp.paren(exp.Case().when(negative, call("ceil", node.this)).else_(call("floor", node.this)))


def _extreme_by(node: exp.Expression) -> exp.Expression:
    """DuckDB's arg_max passes over rows whose argument is null, Spark's max_by does not."""
    aggregate = node.this if isinstance(node, exp.Filter) else node
    inside_filter = isinstance(node.parent, exp.Filter) and node.parent.this is node
    if not isinstance(aggregate, exp.ArgMax | exp.ArgMin) or inside_filter:
        return node
    arguments = [
        aggregate.this,
        _ordering(aggregate.expression),
        *([aggregate.args["count"]] if aggregate.args.get("count") else []),
    ]
    by = call("max_by" if isinstance(aggregate, exp.ArgMax) else "min_by", *arguments)
    conditions = [node.expression.this.copy()] if isinstance(node, exp.Filter) else []
    if not isinstance(aggregate.this, exp.Struct):
        conditions.append(exp.Not(this=exp.Is(this=aggregate.this.copy(), expression=exp.null())))
    return exp.Filter(this=by, expression=exp.Where(this=exp.and_(*conditions))) if conditions else by


def _ordering(node: exp.Expression) -> exp.Expression:
    """A row of several values compares null as the greatest in DuckDB and as the smallest in Spark."""
    if not isinstance(node, exp.Tuple):
        return node
    return call("struct", *(part for one in node.expressions for part in (exp.Is(this=one.copy(), expression=exp.null()), one)))


def _several_extremes(node: exp.Expression) -> exp.Expression:
    """`min(x, n)`: the n smallest, sorted."""
    if not (isinstance(node, exp.Min | exp.Max) and node.args.get("count")):
        return node
    gathered = call("collect_list", node.this)
    ordered = call("sort_array", gathered, *([exp.false()] if isinstance(node, exp.Max) else []))
    return call("slice", ordered, exp.Literal.number(1), node.args["count"])


def _lists(node: exp.Expression) -> exp.Expression:
    match node:
        case exp.ArrayAgg(this=exp.Order() as order):
            terms = order.expressions
            if len(terms) != 1 or terms[0].this != order.this or terms[0].args.get("desc"):
                raise NotComparable(f"{node.sql('duckdb')}: only a list in its own order is alike")
            return call("sort_array", call("collect_list", order.this))
        case exp.ArrayAgg():
            raise NotComparable(f"{node.sql('duckdb')}: a list without an order")
        case exp.Anonymous() if node.name.lower() == "list_position":
            return exp.Nullif(this=call("array_position", *node.expressions), expression=exp.Literal.number(0))
        case exp.Anonymous() if node.name.lower() == "list_sum":
            return _list_sum(node.expressions[0])
        case exp.Bracket(expressions=[exp.Literal(is_string=False) as index]):
            return call("try_element_at", node.this, exp.Literal.number(int(index.this) + 1))
    return node


def _list_sum(of: exp.Expression) -> exp.Expression:
    """Null of an empty list, as in DuckDB."""
    total, one = exp.to_identifier("total"), exp.to_identifier("one")
    either = exp.func("coalesce", exp.Add(this=total, expression=one), total.copy(), one.copy())
    adds = exp.Lambda(this=either, expressions=[total.copy(), one.copy()])
    return call("aggregate", of, exp.cast(exp.null(), "bigint"), adds)


def _regular_expression(node: exp.Expression) -> exp.Expression:
    """Spark always replaces all; `\\s` holds one character more there."""
    if not isinstance(node, exp.RegexpReplace):
        return node
    flags, pattern = node.args.get("modifiers"), node.expression.name
    if flags is None or flags.name != "g" or not (pattern.startswith("[") and pattern.endswith("]")):
        raise NotComparable(f"{node.sql('duckdb')}: only a class of characters, replaced everywhere, is alike")
    alike = pattern.replace(r"\s", r"\t\n\f\r ")
    return exp.RegexpReplace(this=node.this, expression=exp.Literal.string(alike), replacement=node.args["replacement"])


def _not_materialized(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.CTE):
        node.set("materialized", None)
    return node


def view_name(schema: str, table: str) -> str:
    """The name of a table in Spark, whose temporary views have no schema."""
    return f"{schema}__{table}"


def _flat_names(node: exp.Expression) -> exp.Expression:
    if isinstance(node, exp.Table) and node.db:
        named = node.alias or node.name
        plain = exp.to_table(view_name(node.db, node.name))
        plain.set("joins", node.args.get("joins"))
        return exp.alias_(plain, named, table=True, copy=False)
    if isinstance(node, exp.Column) and node.db:  # schema.table.column
        node.set("db", None)
    return node


_RULES: Final[tuple[Callable[[exp.Expression], exp.Expression], ...]] = (
    _union_by_name,
    _hugeint,
    _whole_quotient,
    _sign,
    _truncate,
    _extreme_by,
    _several_extremes,
    _lists,
    _regular_expression,
    _rounding_cast,
    _not_materialized,
    _flat_names,
)
