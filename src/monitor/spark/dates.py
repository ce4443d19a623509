"""Which expressions are dates, and what minus and plus mean for them.

DuckDB's `date - date` is a number of days, Spark's an interval; which `-` is one of dates only types can tell. They are
inferred by name within one statement: the columns of the tables that it reads, then what it names itself. A name that is a
date in one place and a number in another is refused where it matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from sqlglot import exp

from monitor.spark.rewrites import NotComparable, bottom_up, call

Kind = Literal["date", "other", "mixed"] | None

_OTHERS = (
    exp.Literal,
    exp.Predicate,
    exp.Boolean,
    exp.Year,
    exp.Month,
    exp.Day,
    exp.Count,
    exp.IntDiv,
    exp.Mul,
    exp.Mod,
    exp.Sum,
    exp.Abs,
    exp.Length,
    exp.RowNumber,
)
# what has the kind of one of its arguments
_CARRIERS = (exp.Coalesce, exp.Least, exp.Greatest, exp.Min, exp.Max, exp.Nullif, exp.ArgMax, exp.ArgMin, exp.Paren)

# calls that this module puts in
_DATE_CALLS = ("date_sub", "date_add", "trunc")


def with_spark_dates(tree: exp.Expression, columns: Mapping[str, Mapping[str, bool]]) -> exp.Expression:
    """Rewrite the arithmetic of dates.

    Args:
        tree: a statement without macros and variables.
        columns: `schema.table` -> column -> whether it is a date.

    Raises:
        NotComparable: it cannot be told whether dates are subtracted.
    """
    names = _names(tree, columns)
    return bottom_up(tree, lambda node: _rewritten(node, names))


def _names(tree: exp.Expression, columns: Mapping[str, Mapping[str, bool]]) -> dict[str, Kind]:
    names: dict[str, Kind] = {}
    for table in tree.find_all(exp.Table):
        for name, is_date in columns.get(f"{table.db}.{table.name}", {}).items():
            _learn(names, name, "date" if is_date else "other")
    aliases = list(tree.find_all(exp.Alias, exp.PropertyEQ))
    for _ in range(len(aliases)):  # a name may rest on a name that is explained further down
        before = dict(names)
        for alias in aliases:
            value = alias.expression if isinstance(alias, exp.PropertyEQ) else alias.this
            name = alias.this.name if isinstance(alias, exp.PropertyEQ) else alias.alias
            _learn(names, name, kind_of(value, names))
        if names == before:
            break
    return names


def _learn(names: dict[str, Kind], name: str, kind: Kind) -> None:
    if kind is None:
        return
    known = names.get(name)
    names[name] = kind if known in (None, kind) else "mixed"


def kind_of(node: exp.Expression, names: Mapping[str, Kind]) -> Kind:
    """What a value is; None when nothing is known of it."""
    match node:
        case exp.Column() | exp.Dot():
            return names.get(node.name)
        case exp.Cast():
            return "date" if node.to.this == exp.DataType.Type.DATE else "other"
        case exp.DateFromParts() | exp.LastDay() | exp.TimestampTrunc() | exp.DateTrunc():
            return "date"
        case exp.Filter() | exp.Window():
            return kind_of(node.this, names)
        case exp.Case() | exp.If():
            return _first(_branches(node), names)
        case exp.Sub() | exp.Add():
            return _sum_kind(node, names)
        case exp.Anonymous():
            return "date" if node.name in _DATE_CALLS else None
    if isinstance(node, _CARRIERS):
        return _first([node.this, *node.expressions], names)
    return "other" if isinstance(node, _OTHERS) else None


def _branches(node: exp.Case | exp.If) -> list[exp.Expression]:
    if isinstance(node, exp.If):
        return [part for part in (node.args.get("true"), node.args.get("false")) if part]
    values = [branch.args["true"] for branch in node.args["ifs"]]
    return values + ([node.args["default"]] if node.args.get("default") else [])


def _first(nodes: list[exp.Expression], names: Mapping[str, Kind]) -> Kind:
    kinds = {kind for node in nodes if (kind := kind_of(node, names))}
    return None if not kinds else kinds.pop() if len(kinds) == 1 else "mixed"


def _sum_kind(node: exp.Sub | exp.Add, names: Mapping[str, Kind]) -> Kind:
    left, right = kind_of(node.left, names), kind_of(node.right, names)
    if left == "date":
        return "other" if isinstance(node, exp.Sub) and right == "date" else "date"
    return "date" if right == "date" and isinstance(node, exp.Add) else "other"


def _rewritten(node: exp.Expression, names: Mapping[str, Kind]) -> exp.Expression:
    match node:
        case exp.TimestampTrunc() | exp.DateTrunc():
            return _truncated(node)
        case exp.DateDiff():
            return _boundaries(node)
        case exp.Sub() | exp.Add():
            return _arithmetic(node, names)
    return node


def _arithmetic(node: exp.Sub | exp.Add, names: Mapping[str, Kind]) -> exp.Expression:
    left, right = node.left, node.right
    kinds = kind_of(left, names), kind_of(right, names)
    if "date" not in kinds and "mixed" not in kinds:
        return node
    if isinstance(right, exp.Interval) and kinds[0] == "date":
        return node
    if isinstance(node, exp.Sub) and kinds[1] == "date" and kinds[0] in ("date", None):
        return exp.cast(call("datediff", left, right), "bigint")
    if kinds == ("date", "other"):
        return call("date_sub" if isinstance(node, exp.Sub) else "date_add", left, exp.cast(right, "int"))
    raise NotComparable(f"{node.sql('duckdb')}: is it a difference of dates?")


def _truncated(node: exp.Expression) -> exp.Expression:
    unit = node.args["unit"].name.upper()
    if unit not in ("MONTH", "YEAR"):
        raise NotComparable(f"{node.sql('duckdb')}: only months and years are truncated alike")
    return call("trunc", node.this, exp.Literal.string(unit))


def _boundaries(node: exp.DateDiff) -> exp.Expression:
    """DuckDB's `date_diff` counts the boundaries that lie between; Spark's counts whole units."""
    unit, end, start = node.args["unit"].name.upper(), node.this, node.expression
    if unit == "DAY":
        return exp.cast(call("datediff", end, start), "bigint")
    if unit != "MONTH":
        raise NotComparable(f"{node.sql('duckdb')}: only days and months are counted alike")
    years = exp.paren(exp.Sub(this=exp.Year(this=end.copy()), expression=exp.Year(this=start.copy())))
    months = exp.Add(this=exp.Mul(this=years, expression=exp.Literal.number(12)), expression=exp.Month(this=end.copy()))
    return exp.paren(exp.Sub(this=months, expression=exp.Month(this=start.copy())))
