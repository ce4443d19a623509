"""An answer as a table that fits the terminal, as CSV for a spreadsheet, or as JSON."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from monitor.durable import make_durable
from monitor.lists.cells import csv_file
from monitor.query.answers import Answer
from monitor.terminal import broken

ROWS = 60
_NUMBERS = re.compile(r"INT|DECIMAL|DOUBLE|FLOAT|NUMBER", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_CODE = re.compile(r"(?:[^, ]|,(?=[0-9]))+,?")
_HASH = re.compile(r"[0-9a-f]{16,}")
_HASH_SHOWN, _TEXT = 9, 16  # characters of a hash and of a text that are shown at least
_GAP, _NARROW_GAP = 2, 1  # what stands between two columns


def as_table(answer: Answer, width: int) -> RenderableType:
    """A table no wider than the terminal; one record below the other when its columns would be too narrow to read."""
    shown = [[plain(cell) for cell in row] for row in answer.rows]
    for gap in (_GAP, _NARROW_GAP):
        if widths := _widths(answer.columns, shown, width - gap * (len(answer.columns) - 1)):
            body = _grid(answer, shown, widths, gap)
            break
    else:
        body = _records(answer.columns, shown, width)
    count = f"{len(answer.rows):,} 行"
    told = f"前 {count}，后面还有；--rows 多看一些，--csv 存全部" if answer.is_cut else f"共 {count}"
    return Group(body, Text(told, style="dim"))


def as_json(answer: Answer) -> str:
    """A list of objects, one a row; dates as text, numbers as numbers."""
    return json.dumps(
        [dict(zip(answer.columns, row, strict=True)) for row in answer.rows], ensure_ascii=False, indent=1, default=_as_json
    )


def write_csv(answer: Answer, path: Path) -> None:
    """Write CSV (UTF-8 with BOM, CRLF) that is safe to open in any spreadsheet program; whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    beside.write_bytes(csv_file(answer.columns, answer.rows))
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


def _widths(names: tuple[str, ...], shown: list[list[str]], room: int) -> list[int]:
    """The width of every column, none so narrow that a number or a code would break; empty if they have no room together.

    Args:
        names: of the columns.
        shown: the rows as text.
        room: for all columns together, without what stands between them.
    """
    columns = [[row[number] for row in shown] for number in range(len(names))]
    least = [max(_least_of_header(name), *map(_least, cells), 1) for name, cells in zip(names, columns, strict=True)]
    wished = [max(cell_len(cell) for cell in (plain(name), *cells)) for name, cells in zip(names, columns, strict=True)]
    room -= sum(least)
    if room < 0:
        return []
    hashes = {number for number, cells in enumerate(columns) if any(map(_HASH.fullmatch, cells))}
    # columns that wish for little get it, texts share what is left, and only then is more of a hash shown
    order = sorted(range(len(names)), key=lambda number: (number in hashes, wished[number] - least[number]))
    for place, number in enumerate(order):
        rivals = len(order) - place - (0 if number in hashes else len(hashes))
        more = min(wished[number] - least[number], room // rivals)
        least[number] += more
        room -= more
    return least


def _least(cell: str) -> int:
    """The room that a cell needs at least: a text may be broken and a hash cut, a number, a day or a code may not."""
    if _HASH.fullmatch(cell):
        return _HASH_SHOWN
    if cell.isascii():
        return max(map(len, _CODE.findall(cell)), default=0)
    return min(cell_len(cell), _TEXT)


def _least_of_header(name: str) -> int:
    return max(map(cell_len, _header(name)))


def _header(name: str) -> list[str]:
    """The words of a column's name, which may stand below each other."""
    return [word for word in re.split(r"(?<=_)", plain(name)) if word] or [""]


def _grid(answer: Answer, shown: list[list[str]], widths: list[int], gap: int) -> Table:
    table = Table(box=None, padding=(0, gap, 0, 0), pad_edge=False, header_style="bold")
    for name, type_, width in zip(answer.columns, answer.types, widths, strict=True):
        justify = "right" if _NUMBERS.search(type_) else "left"
        header = Text(plain(name) if cell_len(plain(name)) <= width else "\n".join(_header(name)))
        table.add_column(header, justify=justify, width=width, no_wrap=True, overflow="ellipsis")  # type: ignore[arg-type]
    for row in shown:
        table.add_row(*(_cell(cell, width) for cell, width in zip(row, widths, strict=True)))
    return table


def _cell(cell: str, width: int) -> Text:
    """What fits; the only thing that may be cut is a hash."""
    return Text(cell if _HASH.fullmatch(cell) else broken(cell, width))


def _records(columns: tuple[str, ...], shown: list[list[str]], width: int) -> Table:
    table = Table.grid(padding=(0, _GAP))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    room = max(1, width - _GAP - max(cell_len(plain(name)) for name in columns))
    for number, row in enumerate(shown, 1):
        table.add_row(Text(f"第 {number} 行", style="dim"), Text())
        for name, cell in zip(columns, row, strict=True):
            table.add_row(Text(plain(name)), Text(broken(cell, room)))
    return table


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    return str(value)
