"""DuckDB's SQL as Spark's: the same text, parsed, rewritten where the two differ, and written down again.

sqlglot knows the grammar of both. What means something else in Spark is in `rewrites` and `dates`, one idea each; a function
that nobody has compared on both engines is refused, so that a new construct fails at once and not in a figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb
import sqlglot
from sqlglot import ErrorLevel, exp

from monitor.errors import Fault, PromiseBroken
from monitor.spark.dates import with_spark_dates
from monitor.spark.rewrites import NotComparable, bottom_up, rewrite
from monitor.store import literal

# functions that tests/spark compares on both engines; every other is refused
_CHOICES: Final = (exp.And, exp.Or, exp.Case, exp.If, exp.Coalesce, exp.Nullif, exp.Exists, exp.Least, exp.Greatest)
_DAYS: Final = (exp.Year, exp.Month, exp.Day, exp.LastDay, exp.DateFromParts)
_VALUES: Final = (exp.Abs, exp.Cast, exp.Struct, exp.Left, exp.Right, exp.Pad, exp.Substring, exp.RegexpReplace)
_TOTALS: Final = (exp.Count, exp.Sum, exp.Min, exp.Max, exp.LogicalOr, exp.BitwiseOrAgg, exp.RowNumber)
_COMPARED: Final = frozenset((*_CHOICES, *_DAYS, *_VALUES, *_TOTALS))
_WRITTEN_DAYS: Final = ("date_add", "date_sub", "datediff", "trunc")
_WRITTEN_LISTS: Final = ("aggregate", "array_position", "collect_list", "slice", "sort_array", "try_element_at")
_COMPARED_BY_NAME: Final = frozenset(
    (*_WRITTEN_DAYS, *_WRITTEN_LISTS, "bit_count", "ceil", "floor", "max_by", "min_by", "struct")
)


@dataclass(frozen=True)
class Macro:
    """A macro of the working database: its parameters, and its body as DuckDB tells it."""

    parameters: tuple[str, ...]
    body: str


@dataclass(frozen=True)
class Dialect:
    """What a translation needs to know of the night.

    Attributes:
        macros: by name.
        variables: session variable -> value.
        date_columns: `schema.table` -> column -> whether it is a date; filled while tables are made.
    """

    macros: Mapping[str, Macro]
    variables: Mapping[str, Any]
    date_columns: dict[str, dict[str, bool]] = field(default_factory=dict)


def read_dialect(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Dialect:
    """The macros of a connection, so that there is one definition of each; and the variables set on it."""
    rows = connection.execute(
        "select function_name, parameters, macro_definition from duckdb_functions() "
        "where function_type = 'macro' and not internal"
    ).fetchall()
    return Dialect({name: Macro(tuple(parameters), body) for name, parameters, body in rows}, variables)


def translate(text: str, dialect: Dialect, *, where: str = "") -> str:
    """Write a SELECT of DuckDB as one of Spark.

    Args:
        text: one SELECT in DuckDB's SQL.
        dialect: macros, variables and the columns that are dates.
        where: which file it is, for messages.

    Raises:
        PromiseBroken: the text holds something that is not known to mean the same in Spark.
    """
    tree = sqlglot.parse_one(text.strip().rstrip(";"), read="duckdb")
    return translate_tree(tree, dialect, where=where)


def translate_tree(tree: exp.Expression, dialect: Dialect, *, where: str = "") -> str:
    """As `translate`, of a statement already parsed; the tree is not changed."""
    try:
        tree = _without_macros(tree.copy(), dialect.macros)
        tree = bottom_up(tree, lambda node: _without_variables(node, dialect.variables))
        tree = with_spark_dates(tree, dialect.date_columns)
        _refuse_quotients(tree)
        tree = rewrite(tree)
        _refuse_the_unknown(tree)
        return str(tree.sql("spark", identify=True, comments=False, unsupported_level=ErrorLevel.RAISE))
    except (NotComparable, sqlglot.errors.SqlglotError) as error:
        raise PromiseBroken("An SQL file cannot be run on Spark.", [Fault(where or "SQL", str(error))]) from None


def tables_of(tree: exp.Expression) -> set[str]:
    """The tables with a schema that a statement reads, `schema.table`."""
    return {f"{table.db}.{table.name}" for table in tree.find_all(exp.Table) if table.db}


def _without_macros(tree: exp.Expression, macros: Mapping[str, Macro]) -> exp.Expression:
    """Put each macro's body in its place, arguments put in; macros may use macros."""

    def inlined(node: exp.Expression) -> exp.Expression:
        macro = macros.get(node.name.lower()) if isinstance(node, exp.Anonymous) else None
        if macro is None:
            return node
        if len(macro.parameters) != len(node.expressions):
            raise NotComparable(f"{node.name}: {len(node.expressions)} arguments, {len(macro.parameters)} expected")
        given = dict(zip(macro.parameters, node.expressions, strict=True))
        return exp.paren(_with_arguments(sqlglot.parse_one(macro.body, read="duckdb"), given))

    while any(isinstance(node, exp.Anonymous) and node.name.lower() in macros for node in tree.walk()):
        tree = bottom_up(tree, inlined)
    return tree


def _with_arguments(body: exp.Expression, given: Mapping[str, exp.Expression]) -> exp.Expression:
    # outermost nodes only: an argument may itself hold a column that is called like a parameter
    def put(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Column) and not node.table and node.name in given:
            return exp.paren(given[node.name].copy())
        for key, value in list(node.args.items()):
            if isinstance(value, exp.Expression):
                node.set(key, put(value))
            elif isinstance(value, list):
                node.set(key, [put(one) if isinstance(one, exp.Expression) else one for one in value])
        return node

    return put(body)


def _without_variables(node: exp.Expression, variables: Mapping[str, Any]) -> exp.Expression:
    if not (isinstance(node, exp.Anonymous) and node.name.lower() == "getvariable"):
        return node
    name = node.expressions[0].name
    if name not in variables:
        raise NotComparable(f"getvariable('{name}'): no such variable")
    return sqlglot.parse_one(literal(variables[name]), read="duckdb")


def _refuse_quotients(tree: exp.Expression) -> None:
    for node in tree.find_all(exp.Div):
        raise NotComparable(f"{node.sql('duckdb')}: a quotient is a float")


def _refuse_the_unknown(tree: exp.Expression) -> None:
    for node in tree.walk():
        if isinstance(node, exp.Anonymous):
            if node.name.lower() not in _COMPARED_BY_NAME:
                raise NotComparable(f"{node.name}(): not compared with Spark")
        elif isinstance(node, exp.Func) and type(node) not in _COMPARED:
            raise NotComparable(f"{node.sql('duckdb')}: {type(node).__name__} is not compared with Spark")
