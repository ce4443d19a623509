"""An answer as a table that fits the terminal, as CSV for a spreadsheet, or as JSON."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.durable import make_durable
from monitor.lists.cells import make_cell_macros
from monitor.query.answers import Answer
from monitor.settings import Settings
from monitor.store import connect

ROWS = 60
_NUMBERS = re.compile(r"INT|DECIMAL|DOUBLE|FLOAT|NUMBER", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_LEAST, _GAP = 6, 2  # the narrowest column that can still be read, and what stands between two


def as_table(answer: Answer, width: int) -> RenderableType:
    """A table no wider than the terminal; one record below the other when its columns would be too narrow to read."""
    shown = [[plain(cell) for cell in row] for row in answer.rows]
    wide = len(answer.columns) * (_LEAST + _GAP) > width
    body = _records(answer.columns, shown) if wide else _grid(answer, shown)
    count = f"{len(answer.rows):,} 行"
    told = f"前 {count}，后面还有；--rows 多看一些，--csv 存全部" if answer.is_cut else f"共 {count}"
    return Group(body, Text(told, style="dim"))


def as_json(answer: Answer) -> str:
    """A list of objects, one a row; dates as text, numbers as numbers."""
    return json.dumps(
        [dict(zip(answer.columns, row, strict=True)) for row in answer.rows], ensure_ascii=False, indent=1, default=_as_json
    )


def write_csv(answer: Answer, path: Path, settings: Settings) -> None:
    """Write CSV (UTF-8 with BOM, CRLF) that is safe to open in any spreadsheet program; whole or not at all."""
    with connect(None, settings) as connection:
        make_cell_macros(connection)
        lines = [",".join(_cells(connection, answer.columns))]
        lines += [",".join(_csv_row(connection, answer, row)) for row in answer.rows]
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes("".join(f"{line}\r\n" for line in lines).encode("utf-8-sig"))
    make_durable(beside)
    beside.replace(path)


def plain(cell: Any) -> str:
    """A cell as text without anything that a terminal would obey."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, (int, Decimal)):
        return f"{cell:,}"
    return _CONTROL.sub(" ", str(cell))


def _grid(answer: Answer, shown: list[list[str]]) -> Table:
    table = Table(box=None, padding=(0, _GAP, 0, 0), header_style="bold")
    for number, (name, type_) in enumerate(zip(answer.columns, answer.types, strict=True)):
        narrow = max([cell_len(row[number]) for row in shown], default=0) <= 2 * _LEAST
        justify = "right" if _NUMBERS.search(type_) else "left"
        table.add_column(Text(plain(name)), justify=justify, overflow="fold", no_wrap=narrow)  # type: ignore[arg-type]
    for row in shown:
        table.add_row(*map(Text, row))
    return table


def _records(columns: tuple[str, ...], shown: list[list[str]]) -> Table:
    table = Table.grid(padding=(0, _GAP))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for number, row in enumerate(shown, 1):
        table.add_row(Text(f"第 {number} 行", style="dim"), Text())
        for name, cell in zip(columns, row, strict=True):
            table.add_row(Text(plain(name)), Text(cell))
    return table


def _csv_row(connection: duckdb.DuckDBPyConnection, answer: Answer, row: tuple[Any, ...]) -> list[str]:
    texts = {number: cell for number, cell in enumerate(row) if isinstance(cell, str)}
    safe = dict(zip(texts, _cells(connection, tuple(texts.values())), strict=True))
    return [safe.get(number, "" if cell is None else str(cell)) for number, cell in enumerate(row)]


def _cells(connection: duckdb.DuckDBPyConnection, texts: tuple[str, ...]) -> list[str]:
    """Texts as cells that start no formula."""
    if not texts:
        return []
    found = connection.execute("select csv_cell(safe_text(unnest(?::varchar[])))", [list(texts)]).fetchall()
    return [cell for (cell,) in found]


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value)
