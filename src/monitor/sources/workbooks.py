"""XLSX: the sheet that holds the extract, every cell as text, no digit invented.

A number of 16 digits or more has lost digits inside the workbook (it is a double there). Read as text it would look like
an ID number, and one in eleven would even pass the check digit. Such cells are therefore shown in scientific notation,
which is what the sender sees and what no column of digits accepts.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitor.sources.refusal import RefusalError
from monitor.sources.text_files import BLANKS
from monitor.sources.unpacking import check_size

_BLOCK = 4 * 2**20
MOST_CELLS = 200_000_000
HEADER_WITHIN = 10
_TOP_ROWS = 50
_LONG_NUMBER = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="\d+")?(?: t="n")?\s*>(?:<f[^<]*</f>)?'
    rb"<v>(?:\d{16,}(?:\.\d+)?|[\d.]+[eE]\+?(?:1[5-9]|[2-9]\d))</v>"
)
# finds little and quickly; where it finds nothing there is no long number
_MAY_BE_LONG = re.compile(rb"<v>(?:\d{16}|[\d.]+[eE])")
# a column beyond Z; to look at every cell of the others would cost more than reading the sheet
_FAR_COLUMN = re.compile(rb'<c r="([A-Z]{2,3})\d')
_ROW = re.compile(rb'<row r="(\d{1,7})"')
_BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error, ElementTree.ParseError, KeyError)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Sheet:
    """A sheet as text.

    Attributes:
        title: its name.
        header: the cells of the row that names the columns, trimmed.
        rows: what follows, one string column `r0`, `r1` ... per header cell.
        first_row: number of the first of `rows` as a spreadsheet shows it.
        titles: all sheets of the workbook.
    """

    title: str
    header: tuple[str, ...]
    rows: pa.Table
    first_row: int
    titles: tuple[str, ...]


def open_workbook(path: Path, fits: Callable[[tuple[str, ...]], bool]) -> Sheet:
    """Read the first sheet that has a header that fits; the first sheet when none does.

    Args:
        path: the workbook.
        fits: whether a row of cells is the header.

    Raises:
        RefusalError: not a workbook, broken, encrypted, or a bomb.
    """
    long_numbers = _inspect(path)
    first: Sheet | None = None
    try:
        book = fastexcel.read_excel(path)
        titles = tuple(book.sheet_names)
        for title in titles:
            sheet = _sheet(title, titles, _load(book, title), long_numbers.get(title, []), fits)
            if fits(sheet.header):
                return sheet
            first = first or sheet
    except (fastexcel.FastExcelError, ValueError):
        raise RefusalError("工作簿读不出来(文件损坏);请用 Excel 或 WPS 另存为 .xlsx 后重新报送") from None
    if first is None:
        raise RefusalError("工作簿里没有工作表;请核对后重新报送")
    return first


def _sheet(
    title: str,
    titles: tuple[str, ...],
    cells: pa.Table,
    long_numbers: list[tuple[int, int]],
    fits: Callable[[tuple[str, ...]], bool],
) -> Sheet:
    at, header = _header(cells, fits)
    if at < 0:
        return Sheet(title, (), pa.table({}), 1, titles)
    columns = [_scientific(cells.column(i), [row for row, column in long_numbers if column == i]) for i in range(len(header))]
    rows = pa.table([c.slice(at + 1) for c in columns], names=[f"r{i}" for i in range(len(header))])
    return Sheet(title, header, rows, at + 2, titles)


def _load(book: fastexcel.ExcelReader, title: str) -> pa.Table:
    sheet = book.load_sheet(title, header_row=None, skip_rows=0, dtypes="string")
    return pa.Table.from_batches([sheet.to_arrow()])


def _header(cells: pa.Table, fits: Callable[[tuple[str, ...]], bool]) -> tuple[int, tuple[str, ...]]:
    """Where the header stands and what it says: of the first rows the one that fits (titles and remarks may stand above),
    else the first that is not blank; (-1, ()) in an empty sheet."""
    rows = [tuple((value or "").strip(BLANKS) for value in row.values()) for row in cells.slice(0, _TOP_ROWS).to_pylist()]
    filled = [(at, row) for at, row in enumerate(rows) if any(row)]
    fitting = [(at, row) for at, row in filled if at < HEADER_WITHIN and fits(row)]
    return next(iter(fitting + filled), (-1, ()))


def _scientific(column: pa.ChunkedArray, rows: list[int]) -> pa.ChunkedArray:
    """Show the numbers of these rows as a spreadsheet does: with the digits that are left."""
    if not rows:
        return column
    mask = np.zeros(len(column), dtype=bool)
    mask[rows] = True
    selected = pa.array(mask)
    numbers = pc.cast(column.filter(selected), pa.float64()).to_numpy()
    shown = pa.array(np.char.mod("%.15E", numbers), pa.string())
    return pc.replace_with_mask(column.combine_chunks(), selected, shown)


def _inspect(path: Path) -> dict[str, list[tuple[int, int]]]:
    """Unpack the workbook once without keeping it: is it whole, is it a bomb, which cells hold numbers of lost digits.

    Returns:
        sheet -> (row, column) of such cells, both from 0.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if any(member.flag_bits & 1 for member in archive.infolist()):
                raise RefusalError("工作簿设有密码;请去掉密码后再报送")
            titles = _sheet_files(archive)
            size, found = 0, {}
            for member in archive.infolist():
                cells, length = _scan(archive, member, size, path.stat().st_size)
                size += length
                if member.filename in titles:
                    found[titles[member.filename]] = cells
            return found
    except _BROKEN:
        raise RefusalError(
            "这不是完好的 .xlsx 工作簿(文件损坏、设有密码,或只是改了后缀);请用 Excel 或 WPS 另存为 .xlsx 后重新报送"
        ) from None


def _sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    """File inside the workbook -> sheet title."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): (link.get("Target") or "").lstrip("/") for link in links}
    sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    found = {targets.get(sheet.get(_LINK), ""): sheet.get("name") or "" for sheet in sheets}
    return {name if name.startswith("xl/") else f"xl/{name}": title for name, title in found.items()}


def _scan(archive: zipfile.ZipFile, member: zipfile.ZipInfo, before: int, packed: int) -> tuple[list[tuple[int, int]], int]:
    """Stream one file of the workbook; reading to its end also proves its checksum.

    Returns:
        (row, column) of numbers that lost digits, if the file is a sheet; its size in bytes.
    """
    size, rest, last_row, columns = 0, b"", 0, {b"Z"}
    found: list[tuple[int, int]] = []
    with archive.open(member) as stream:
        while block := stream.read(_BLOCK):
            size += len(block)
            check_size(before + size, packed)
            if not member.filename.startswith("xl/worksheets/"):
                continue
            text = rest + block
            # hold the last cell back: it may go on in the next block
            cut = max(text.rfind(b"<c "), text.rfind(b"<row "), 0) if len(block) == _BLOCK else len(text)
            text, rest = text[:cut] or text, text[cut:][-_BLOCK:] if cut else b""
            if row := _ROW.match(text, max(text.rfind(b"<row r="), 0)):
                last_row = max(last_row, int(row[1]))
            columns |= set(_FAR_COLUMN.findall(text))
            if _MAY_BE_LONG.search(text):
                found += [(int(at) - 1, _column_index(name)) for name, at in _LONG_NUMBER.findall(text)]
    _check_extent(last_row, max(_column_index(name) for name in columns) + 1)
    return found, size


def _check_extent(rows: int, columns: int) -> None:
    """One far cell makes the reader hold every cell before it."""
    if rows * columns > MOST_CELLS:
        raise RefusalError(f"工作表占 {rows} 行 × {columns} 列,超出可读范围;请删去表外多余的行列后重新报送")


def _column_index(name: bytes) -> int:
    index = 0
    for letter in name:
        index = index * 26 + letter - 64
    return index - 1
