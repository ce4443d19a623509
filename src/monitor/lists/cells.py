"""Cells that a spreadsheet program shows as they are: no formula starts, no digit is lost, no line breaks.

Excel, WPS and LibreOffice guess what a CSV cell means, quoted or not: a leading `=`, `+`, `-` or `@` (in their full-width form
and after blanks too) can start a formula, and a cell of digits becomes a number, which drops leading zeros, rounds after 15
digits and shows long ones as 1.38E+10. An apostrophe in front makes both plain text. What comes back from the field may
carry it: the reader drops a leading apostrophe.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from monitor.store import connect_apart

# Excel's limit is 32,767 UTF-16 units; a character beyond the basic plane takes two
CELL_CHARACTERS = 32_000
_ROWS_AT_ONCE = 10_000
_BLANKS = r"\s\x{A0}\x{85}\x{1680}\x{2000}-\x{200F}\x{2028}-\x{202F}\x{205F}-\x{2064}\x{3000}\x{FEFF}\x{180E}\x{00AD}"
_BREAKS = r"[\x{0}-\x{1F}\x{7F}-\x{9F}\x{2028}\x{2029}]+"
# with the full-width and small forms of the four signs, and the minus sign of mathematics
_STARTS_FORMULA = (
    rf"^[{_BLANKS}]*[=+@\x{{FF1D}}\x{{FF0B}}\x{{FF0D}}\x{{FF20}}\x{{FE62}}\x{{FE63}}\x{{FE66}}\x{{FE6B}}\x{{2212}}\-]"
)
# digits (full-width too) with what numbers, amounts, dates and times are written with, and English months
_DIGITS = r"0-9\x{FF10}-\x{FF19}"
_READS_AS_NUMBER = (
    rf"^[{_BLANKS}]*[¥\x{{FFE5}}$€(]?[{_BLANKS}]*[.{_DIGITS}][{_DIGITS}.,:/_年月日时分秒EeDd+%)(\s\-]*$"
    r"|^(?i:\d*[\s/\-]*(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s/\-]*\d*)$"
)


def make_cell_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection `safe_text(text)` and `csv_cell(text)`.

    `safe_text` is what stands in the cell; `csv_cell` quotes it. Null is an empty cell.
    """
    connection.execute(rf"""
        create or replace temp macro one_line(raw) as regexp_replace(raw, '{_BREAKS}', ' ', 'g');
        create or replace temp macro short_cell(raw) as case
            when length(raw) <= {CELL_CHARACTERS // 2} then raw
            when regexp_matches(raw, '[\x{{10000}}-\x{{10FFFF}}]') then left(raw, {CELL_CHARACTERS // 2})
            else left(raw, {CELL_CHARACTERS - 1}) end;
        create or replace temp macro guarded(raw) as case
            when regexp_matches(raw, '{_STARTS_FORMULA}') or regexp_matches(raw, '{_READS_AS_NUMBER}') then '''' || raw
            else raw end;
        create or replace temp macro safe_text(raw) as guarded(short_cell(one_line(raw)));
        create or replace temp macro csv_cell(raw) as '"' || replace(coalesce(raw, ''), '"', '""') || '"';
    """)


def csv_file(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows as CSV (UTF-8 with BOM, CRLF); texts are guarded, other values stand as they write themselves."""
    every, lines = [header, *rows], []
    with connect_apart() as connection:
        make_cell_macros(connection)
        for first in range(0, len(every), _ROWS_AT_ONCE):
            lines += _lines(connection, every[first : first + _ROWS_AT_ONCE])
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8-sig")


def safe_texts(texts: Sequence[str]) -> list[str]:
    """Each text as it may stand in a cell."""
    with connect_apart() as connection:
        make_cell_macros(connection)
        return _each(connection, "safe_text(text)", texts)


def _lines(connection: duckdb.DuckDBPyConnection, rows: Sequence[Sequence[Any]]) -> list[str]:
    """The texts of all rows are guarded in one go."""
    texts = [cell for row in rows for cell in row if isinstance(cell, str)]
    safe = iter(_each(connection, "csv_cell(safe_text(text))", texts))
    return [
        ",".join(next(safe) if isinstance(cell, str) else "" if cell is None else str(cell) for cell in row) for row in rows
    ]


def _each(connection: duckdb.DuckDBPyConnection, told: str, texts: Sequence[str]) -> list[str]:
    found = connection.execute(f"select {told} from (select unnest(?::varchar[]) as text)", [list(texts)]).fetchall()
    return [cell for (cell,) in found]
