"""A prompt for SQL: a statement ends with a semicolon; what is wrong is told and the next one is awaited."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable

import duckdb
from rich.console import Console

from monitor.errors import UsageError
from monitor.query.answers import Answer, answers_to
from monitor.query.tell import recipe_table
from monitor.terminal import typed

Tell = Callable[[Iterable[Answer]], None]
_HELLO = "分析库（只读）。语句以分号结束；.tables 看有哪些表，.recipes 看现成的问题，.quit 或 Ctrl-D 退出。"
_TABLES = 'select table_name as "表", zh as "说明" from dictionary_table where zone = \'analyst\' order by table_name'


def ask(connection: duckdb.DuckDBPyConnection, console: Console, tell: Tell, most: int | None = None) -> None:
    """Read statements until the end of the input; from a pipe without a prompt, where the first mistake ends it.

    Args:
        connection: the opened file.
        console: where greetings and mistakes go.
        tell: shows answers.
        most: rows fetched at most.

    Raises:
        UsageError: a statement from a pipe is wrong.
    """
    if not sys.stdin.isatty():
        tell(answers_to(connection, sys.stdin.read(), most=most))
        return
    import readline  # noqa: F401  (arrow keys and history for input())

    console.print(_HELLO)
    while (text := _statement()) is not None:
        try:
            _answer(connection, console, text, tell, most)
        except UsageError as error:
            console.print(typed(str(error)), markup=False)


def _answer(connection: duckdb.DuckDBPyConnection, console: Console, text: str, tell: Tell, most: int | None) -> None:
    if text == ".recipes":
        console.print(recipe_table())
    elif text == ".tables":
        tell(answers_to(connection, _TABLES))
    else:
        tell(answers_to(connection, text, most=most))


def _statement() -> str | None:
    """The next statement or dot command; None at the end."""
    lines: list[str] = []
    while True:
        try:
            line = input("   ...> " if lines else "monitor> ").strip()
        except EOFError:
            return None
        if not lines and line in (".quit", ".exit"):
            return None
        lines += [line] if line else []
        if lines and (lines[0].startswith(".") or line.endswith(";")):
            return "\n".join(lines)
