"""XLSX: the sheet that holds the extract, every cell as text, no digit invented.

A number of 16 digits or more has lost digits inside the workbook (it is a double there). Read as text it would look like
an ID number, and one in eleven would even pass the check digit. Such cells are therefore shown in scientific notation,
which is what the sender sees and what no column of digits accepts.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitor.encryption.sealed import is_sealed, opened, size_of
from monitor.sources.refusal import RefusalError
from monitor.sources.sheet_scan import SheetScan, elements, local_name
from monitor.sources.text_files import BLANKS
from monitor.sources.unpacking import check_size

_BLOCK = 4 * 2**20
# the workbook's reader holds all of it in memory
_MOST_BYTES = 4 * 2**30
_MOST_SMALL = 16 * 2**20
HEADER_WITHIN = 10
_TOP_ROWS = 50
_BROKEN = (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, zlib.error, expat.ExpatError, KeyError, StopIteration)


@dataclass(frozen=True)
class Sheet:
    """A sheet as text.

    Attributes:
        number: which sheet it is, counted from 1; its title is the sender's own words and never told.
        header: the cells of the row that names the columns, trimmed.
        rows: what follows, one string column `r0`, `r1` ... per header cell.
        first_row: number of the first of `rows` as a spreadsheet shows it.
        count: how many sheets the workbook has.
    """

    number: int
    header: tuple[str, ...]
    rows: pa.Table
    first_row: int
    count: int


def open_workbook(path: Path, fits: Callable[[tuple[str, ...]], bool]) -> Sheet:
    """Read the first sheet that has a header that fits; the first sheet when none does.

    Args:
        path: the workbook.
        fits: whether a row of cells is the header.

    Raises:
        RefusalError: not a workbook, broken, encrypted, or a bomb.
    """
    long_numbers = {title: scan.long_numbers for title, scan in inspect_workbook(path).items()}
    first: Sheet | None = None
    try:
        book = fastexcel.read_excel(_whole(path) if is_sealed(path) else path)
        titles = book.sheet_names
        for number, title in enumerate(titles, start=1):
            sheet = _sheet(number, len(titles), _load(book, title), long_numbers.get(title, []), fits)
            if fits(sheet.header):
                return sheet
            first = first or sheet
    except (fastexcel.FastExcelError, ValueError):
        raise RefusalError("工作簿读不出来(文件损坏);请用 Excel 或 WPS 另存为 .xlsx 后重新报送") from None
    if first is None:
        raise RefusalError("工作簿里没有工作表;请核对后重新报送")
    return first


def _sheet(
    number: int,
    count: int,
    cells: pa.Table,
    long_numbers: list[tuple[int, int]],
    fits: Callable[[tuple[str, ...]], bool],
) -> Sheet:
    at, header = _header(cells, fits)
    if at < 0:
        return Sheet(number, (), pa.table({}), 1, count)
    columns = [_scientific(cells.column(i), [row for row, column in long_numbers if column == i]) for i in range(len(header))]
    rows = pa.table([c.slice(at + 1) for c in columns], names=[f"r{i}" for i in range(len(header))])
    return Sheet(number, header, rows, at + 2, count)


def _whole(path: Path) -> bytes:
    with opened(path) as file:
        return file.read()


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


def inspect_workbook(path: Path, *, marks: bool = False, most_bytes: int = _MOST_BYTES) -> dict[str, SheetScan]:
    """Unpack the workbook once without keeping it: is it whole, is it a bomb, where its cells stand.

    Args:
        path: the workbook.
        marks: keep where formulas and merged cells stand too.
        most_bytes: unpacked; more is refused.

    Returns:
        title of a sheet -> what was seen of it, in the order of the sheets.

    Raises:
        RefusalError: not a workbook, broken, encrypted, or a bomb.
    """
    try:
        with opened(path) as file, zipfile.ZipFile(file) as archive:
            if any(member.flag_bits & 1 for member in archive.infolist()):
                raise RefusalError("工作簿设有密码;请去掉密码后再报送")
            titles = _sheet_files(archive)
            size, packed = 0, size_of(path)
            scans = {name: SheetScan(marks=marks) for name in titles}
            for member in archive.infolist():
                size += _scan(archive, member, size, packed, scans.get(member.filename), most_bytes)
            return {titles[name]: scan for name, scan in scans.items()}
    except _BROKEN:
        raise RefusalError(
            "这不是完好的 .xlsx 工作簿(文件损坏、设有密码,或只是改了后缀);请用 Excel 或 WPS 另存为 .xlsx 后重新报送"
        ) from None


def _sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    """File inside the workbook -> sheet title."""
    targets: dict[str, str] = {}
    for name, link in elements(_small(archive, "xl/_rels/workbook.xml.rels")):
        if name == "Relationship":
            if link.get("Id", "") in targets:
                raise KeyError("a link stands twice")
            targets[link.get("Id", "")] = link.get("Target", "").lstrip("/")
    found: dict[str, str] = {}
    sheets = 0
    for name, sheet in elements(_small(archive, "xl/workbook.xml")):
        if name == "sheet":
            target = targets[next(value for key, value in sheet.items() if local_name(key) == "id")]
            found[target if target.startswith("xl/") else f"xl/{target}"] = sheet["name"]
            sheets += 1
    names = archive.namelist()
    if len(set(names)) < len(names) or not found.keys() <= set(names) or len(set(found.values())) < sheets:
        raise KeyError("a sheet has no file or no name of its own")
    return found


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    """A file of the workbook that is small in every honest one."""
    with archive.open(name) as stream:
        content = stream.read(_MOST_SMALL + 1)
    if len(content) > _MOST_SMALL:
        raise zipfile.BadZipFile("too large")
    return content


def _scan(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, before: int, packed: int, scan: SheetScan | None, most_bytes: int
) -> int:
    """Stream one file of the workbook past the scan, if it is a sheet; return its size in bytes.

    Reading to its end also proves its checksum.
    """
    size = 0
    with archive.open(member) as stream:
        while block := stream.read(_BLOCK):
            size += len(block)
            check_size(before + size, packed)
            if before + size > most_bytes:
                raise RefusalError(f"工作簿解开后超过 {most_bytes // 2**20} MB,超出可读范围;请分片或改用 CSV 报送")
            if scan:
                scan.feed(block)
    if scan:
        scan.finish()
    return size
