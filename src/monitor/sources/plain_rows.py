"""Rows of a sheet in the plain form that spreadsheets write, proved a whole block at a time.

An XML parser that tells Python of every cell takes most of the time a workbook costs. So a block of whole rows is first matched
against one pattern, which allows far less than XML does: known elements and attributes in their usual order, no comment, no
entity but the five of XML. Of such a block a few vectors of bytes tell where its cells stand. Whatever else goes to the parser.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_SIGN = r"(?:[^<>&\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]|&(?:amp|lt|gt|quot|apos);)"
# below 16 signs, or below 15 digits before the point: no digit of it is lost (see `sheet_scan`)
_NUMBER = r"(?:[0-9]{1,15}|-?[0-9]{1,14}(?:\.[0-9]{0,20})?)"
_CELL = (
    r'<c r="[A-Z]{1,3}[1-9][0-9]{0,6}"(?: s="[0-9]{1,9}")?(?:/>|(?:'
    rf'(?: t="n")?><v>{_NUMBER}</v>| t="(?:s|b|e)"><v>{_SIGN}+</v>| t="str"><v>{_SIGN}*</v>'
    rf'| t="inlineStr"><is><t(?: xml:space="preserve")?>{_SIGN}*</t></is>)</c>)'
)
_ROW = (
    r'<row r="[1-9][0-9]{0,6}"(?: spans="[0-9: ]*")?(?: s="[0-9]{1,9}")?(?: customFormat="[01]")?(?: ht="[0-9.]*")?'
    rf'(?: hidden="[01]")?(?: customHeight="[01]")?>(?:{_CELL})*</row>'
)
_PLAIN = rf"^(?:\s*{_ROW})*\s*$"
_LONGEST_REFERENCE = len('XFD1048576"')


@dataclass(frozen=True)
class PlainRows:
    """What a block of plain rows tells; rows and columns count from 1.

    Attributes:
        first_row, last_row: of the row elements, empty ones too.
        end_column: where the last cell of the last row stands; 0 when it has none.
        cells: how many hold a value, which may be an empty text.
        first_filled_column: where those begin; beyond the last column of any sheet when there is none.
        last_filled_row, last_filled_column: how far those reach; 0 when there is none.
    """

    first_row: int
    last_row: int
    end_column: int
    cells: int
    first_filled_column: int
    last_filled_row: int
    last_filled_column: int


def plain_rows(block: bytes) -> PlainRows | None:
    """Read a block of whole rows; None when it is not plain, or a cell does not stand where a sheet has one."""
    if not _is_plain(block):
        return None
    signs = np.frombuffer(block + b" " * _LONGEST_REFERENCE, dtype=np.uint8)
    opening = np.flatnonzero(signs == ord("<"))
    kind, beside = signs[opening + 1], signs[opening + 2]
    is_row = kind == ord("r")
    is_cell = (kind == ord("c")) & (beside == ord(" "))
    closed = np.append(signs[opening[1:] - 2] == ord("/"), False)  # `<c ... />`: what stands before the next element
    placed = is_row | is_cell
    is_row, filled = is_row[placed], (is_cell & ~closed)[placed]
    row, column = _references(signs, opening[placed] + np.where(is_row, len('<row r="'), len('<c r="')))
    if not len(row) or not _in_order(row, column, is_row):
        return None
    return PlainRows(
        first_row=int(row[0]),
        last_row=int(row[-1]),
        end_column=int(column[-1]),
        cells=int(filled.sum()),
        first_filled_column=int(column[filled].min(initial=LAST_COLUMN + 1)),
        last_filled_row=int(row[filled].max(initial=0)),
        last_filled_column=int(column[filled].max(initial=0)),
    )


def _is_plain(block: bytes) -> bool:
    """Made of buffers, because `pa.array` would import pandas, which takes longer than a sheet of 40,000 rows."""
    ends = pa.py_buffer(np.array([0, len(block)], dtype=np.int32))
    text = pa.StringArray.from_buffers(1, ends, pa.py_buffer(block))
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:  # no UTF-8
        return False
    return bool(pc.match_substring_regex(text, _PLAIN)[0].as_py())


def _references(signs: npt.NDArray[np.uint8], at: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Row and column of the references that begin at these places (`AB12"`, of a row `12"`, whose column is 0)."""
    row, column = np.zeros(len(at), dtype=np.int64), np.zeros(len(at), dtype=np.int64)
    ended = np.zeros(len(at), dtype=bool)
    for step in range(_LONGEST_REFERENCE):
        sign = signs[at + step].astype(np.int64)
        ended |= sign == ord('"')
        letter = ~ended & (sign >= ord("A"))
        column = np.where(letter, column * 26 + sign - ord("A") + 1, column)
        row = np.where(ended | letter, row, row * 10 + sign - ord("0"))
    return row, column


def _in_order(row: npt.NDArray[np.int64], column: npt.NDArray[np.int64], is_row: npt.NDArray[np.bool_]) -> bool:
    """Whether rows rise, cells rise within their row, and none lies outside of a sheet."""
    own = row[is_row][np.cumsum(is_row) - 1]  # a block begins with a row
    place = row * (LAST_COLUMN + 1) + column
    inside = int(row.max()) <= LAST_ROW and int(column.max()) <= LAST_COLUMN
    return inside and bool((own == row).all()) and bool((place[1:] > place[:-1]).all())
