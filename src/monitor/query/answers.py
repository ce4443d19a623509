"""Run SQL against the analyst file, and tell in Chinese what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from monitor.errors import Fault, UsageError

_TABLES = "用 show tables 看有哪些表"
_COLUMNS = "用 describe 表名 看有哪些列；各列的含义见数据字典（表 dictionary_column，或 docs/dictionary.md）"
# DuckDB answers in English; which part of the statement it means, and where to look, is told before
_MISTAKES = (
    (duckdb.BinderException, "列名写错了，或列用得不对", _COLUMNS),
    (duckdb.CatalogException, "没有这个表、视图或函数", _TABLES),
    (duckdb.ParserException, "语句的写法不对", "核对关键字、逗号、引号和括号；现成的问题见 monitor sql --recipes"),
)
_OTHER_MISTAKE = ("这一句算不出来", f"核对各列的类型和写法；{_COLUMNS}")
_SHOWN = 300  # characters of DuckDB's own message


@dataclass(frozen=True)
class Answer:
    """What one statement gave: names and types of its columns, and its rows; `is_cut` when there are more."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    is_cut: bool = False


def answers_to(
    connection: duckdb.DuckDBPyConnection, text: str, given: dict[str, str] | None = None, most: int | None = None
) -> Iterator[Answer]:
    """Run the statements of a text one after the other; those that ask something give an answer.

    Args:
        connection: the opened file.
        text: one statement or several.
        given: variable -> value, set after the `set variable` statements with which the text begins, so that they are defaults.
        most: rows fetched at most, so that a look at a large table stays a look; all when not given.

    Raises:
        UsageError: it is no SQL, or wants what may not be done.
    """
    left = dict(given or {})
    for statement in _statements(connection, text):
        if left and statement.type != duckdb.StatementType.SET:
            for name, value in left.items():
                connection.execute(f"set variable {name} = ?", [value or None])
            left = {}
        cursor = _run(connection, statement, given or {})
        if statement.type in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN, duckdb.StatementType.CALL):
            described = cursor.description or []
            rows = _fetched(cursor, most, given or {})
            names, types = tuple(name for name, *_ in described), tuple(str(type_) for _, type_, *_ in described)
            yield Answer(names, types, rows[:most], is_cut=most is not None and len(rows) > most)


def _statements(connection: duckdb.DuckDBPyConnection, text: str) -> list[duckdb.Statement]:
    try:
        return connection.extract_statements(text)
    except duckdb.Error as error:
        raise _refused(error, {}) from None


def _run(
    connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement, given: dict[str, str]
) -> duckdb.DuckDBPyConnection:
    try:
        return connection.execute(statement)
    except duckdb.Error as error:
        raise _refused(error, given) from None


def _fetched(cursor: duckdb.DuckDBPyConnection, most: int | None, given: dict[str, str]) -> list[tuple[Any, ...]]:
    try:
        return cursor.fetchall() if most is None else cursor.fetchmany(most + 1)
    except duckdb.Error as error:
        raise _refused(error, given) from None


def _unfit(said: str, given: dict[str, str]) -> UsageError:
    """A value cannot be read as what its parameter is: those that the message quotes are named, all of them if none is."""
    quoted = {name: value for name, value in given.items() if f"'{value}'" in said} or given
    remedy = "各参数的含义和默认值见 monitor sql --recipes"
    faults = [Fault(f"--set {name}", repr(value), "数、日期等，与默认值同类", remedy=remedy) for name, value in quoted.items()]
    return UsageError("参数的值读不懂。", faults)


def _refused(error: duckdb.Error, given: dict[str, str]) -> UsageError:
    said = str(error)
    if given and isinstance(error, duckdb.ConversionException):
        return _unfit(said, given)
    if isinstance(error, (duckdb.IOException, duckdb.InternalException, duckdb.FatalException)):
        return UsageError("分析库读不了。", [Fault("文件", "损坏", remedy="运行 monitor warehouse rebuild 从各晚结果重建")])
    if "read-only mode" in said:
        why = "分析库每晚重新生成，改动留不住"
        return UsageError(
            "分析库只能查，不能改。", [Fault("SQL", "要写入", "select 等查询", why, "要保存结果用 --csv 或 --json")]
        )
    if isinstance(error, duckdb.PermissionException) or "configuration has been locked" in said:
        why = "查询里不能读写其他文件、联网、装扩展或改设置"
        return UsageError("这样的语句在这里不能用。", [Fault("SQL", "用到了库外的东西", "只查本库的表", why)])
    what, remedy = next(((what, remedy) for kind, what, remedy in _MISTAKES if isinstance(error, kind)), _OTHER_MISTAKE)
    return UsageError(f"SQL 有误：{what}。", [Fault("SQL", f"DuckDB 说 {_plain(said)}", remedy=remedy)])


def _plain(said: str) -> str:
    """DuckDB's message without what marks the place below the line."""
    return " ".join(said.split())[:_SHOWN]
