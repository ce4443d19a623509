"""XLSX: the sheet that holds the extract, every cell as text, no digit invented.

A number of 16 digits or more has lost digits inside the workbook (it is a double there). Read as text it would look like
an ID number, and one in eleven would even pass the check digit. Such cells are therefore shown in scientific notation,
which is what the sender sees and what no column of digits accepts.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from xml.parsers import expat

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from monitor.encryption.sealed import is_sealed, opened, size_of
from monitor.sources.refusal import RefusalError
from monitor.sources.shared_texts import LongestText, check_texts, is_shared_texts
from monitor.sources.sheet_scan import SheetScan, elements, local_name
from monitor.sources.text_files import BLANKS
from monitor.sources.unpacking import BROKEN, check_size

_BLOCK = 4 * 2**20
# the workbook's reader holds all of it in memory
_MOST_BYTES = 4 * 2**30
_MOST_SMALL = 16 * 2**20
HEADER_WITHIN = 10
_TOP_ROWS = 50
_UNREADABLE = "工作簿读不出来(文件损坏);请用 Excel 或 WPS 另存为 .xlsx 后重新报送"
_BROKEN = (*BROKEN, expat.ExpatError, LookupError, StopIteration)
Fits = Callable[[tuple[str, ...]], bool]


@dataclass(frozen=True)
class Sheet:
    """A sheet as text.

    Attributes:
        number: which sheet it is, counted from 1; its title is the sender's own words and never told.
        header: the cells of the row that names the columns, trimmed.
        rows: what follows, one string column `r0`, `r1` ... per header cell; `r0` is the first of the spreadsheet, too.
        first_row: number of the first of `rows` as a spreadsheet shows it.
        count: how many sheets the workbook has.
        unread: how many of the sheets behind it have such a header and rows below.
    """

    number: int
    header: tuple[str, ...]
    rows: pa.Table
    first_row: int
    count: int
    unread: int = 0


def open_workbook(path: Path, fits: Fits) -> Sheet:
    """Read the first sheet that has a header that fits; the first sheet when none does.

    Args:
        path: the workbook.
        fits: whether a row of cells is the header.

    Raises:
        RefusalError: not a workbook, broken, encrypted, or a bomb.
    """
    scans = inspect_workbook(path)
    with broken_if_unreadable():
        return _chosen(fastexcel.read_excel(_whole(path) if is_sealed(path) else path), scans, fits)


@contextmanager
def broken_if_unreadable() -> Iterator[None]:
    """Refuse a workbook over which its reader stumbles, even where that panics: no other file is at fault.

    Raises:
        RefusalError: the reader cannot read it, or reads something else than the scan saw.
    """
    try:
        yield
    except (fastexcel.FastExcelError, ValueError, KeyError):
        raise RefusalError(_UNREADABLE) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # no `Exception`, and a class that no module offers
            raise
        raise RefusalError(_UNREADABLE) from None


def cells_of(book: fastexcel.ExcelReader, title: str, scan: SheetScan) -> pa.Table:
    """All cells of a sheet as text; row i and column i of it are row and column i + 1 of the spreadsheet.

    The reader begins with the first column that holds something. What lies before it is put back, so that all that tells of a
    place means the same one.

    Raises:
        ValueError: the reader returns other columns than the scan saw.
    """
    cells, columns = _load(book, title), scan.columns_read
    if cells.num_columns != len(columns):
        raise ValueError("the reader sees another sheet than the scan")
    before = [pa.nulls(cells.num_rows, pa.string())] * (columns.start if columns else 0)
    whole = [*before, *cells.columns]
    return pa.table(whole, names=[f"c{i}" for i in range(len(whole))])


def _chosen(book: fastexcel.ExcelReader, scans: dict[str, SheetScan], fits: Fits) -> Sheet:
    titles = book.sheet_names
    first: Sheet | None = None
    for number, title in enumerate(titles, start=1):
        sheet = _sheet(number, len(titles), cells_of(book, title, scans[title]), scans[title].long_numbers, fits)
        if fits(sheet.header):
            return replace(sheet, unread=_unread(book, titles[number:], scans, fits))
        first = first or sheet
    if first is None:
        raise RefusalError("工作簿里没有工作表;请核对后重新报送")
    return first


def _sheet(number: int, count: int, cells: pa.Table, long_numbers: dict[tuple[int, int], float], fits: Fits) -> Sheet:
    at, header = _header(cells, fits)
    if at < 0:
        return Sheet(number, (), pa.table({}), 1, count)
    lost: dict[int, dict[int, float]] = {}
    for (row, column), left in long_numbers.items():
        lost.setdefault(column, {})[row] = left
    columns = [_scientific(cells.column(i), lost.get(i, {})) for i in range(len(header))]
    rows = pa.table([c.slice(at + 1) for c in columns], names=[f"r{i}" for i in range(len(header))])
    return Sheet(number, header, rows, at + 2, count)


def _unread(book: fastexcel.ExcelReader, titles: Sequence[str], scans: dict[str, SheetScan], fits: Fits) -> int:
    """How many of these sheets could have been read as well. Of each only the first rows are taken from the reader."""
    count = 0
    for title in titles:
        with suppress(RefusalError), broken_if_unreadable():  # nothing of it is used
            at, header = _header(_load(book, title, HEADER_WITHIN), fits)
            count += fits(header) and scans[title].places[0] > at + 1
    return count


def _whole(path: Path) -> bytes:
    with opened(path) as file:
        return file.read()


def _load(book: fastexcel.ExcelReader, title: str, most_rows: int | None = None) -> pa.Table:
    sheet = book.load_sheet(title, header_row=None, skip_rows=0, n_rows=most_rows, dtypes="string")
    return pa.Table.from_batches([sheet.to_arrow()])


def _header(cells: pa.Table, fits: Fits) -> tuple[int, tuple[str, ...]]:
    """Where the header stands and what it says: of the first rows the one that fits (titles and remarks may stand above),
    else the first that is not blank; (-1, ()) in an empty sheet."""
    rows = [tuple((value or "").strip(BLANKS) for value in row.values()) for row in cells.slice(0, _TOP_ROWS).to_pylist()]
    filled = [(at, row) for at, row in enumerate(rows) if any(row)]
    fitting = [(at, row) for at, row in filled if at < HEADER_WITHIN and fits(row)]
    return next(iter(fitting + filled), (-1, ()))


def _scientific(column: pa.ChunkedArray, lost: dict[int, float]) -> pa.ChunkedArray:
    """Show the numbers of these rows as a spreadsheet does: with the digits that are left.

    Raises:
        ValueError: another number stands there than the scan saw, so that the one of lost digits stands elsewhere.
    """
    if not lost:
        return column
    rows = sorted(lost)
    if rows[-1] >= len(column):
        raise ValueError("a number stands below the last row")
    mask = np.zeros(len(column), dtype=bool)
    mask[rows] = True
    selected = pa.array(mask)
    scanned = np.array([lost[row] for row in rows])
    read = pc.cast(column.filter(selected), pa.float64()).to_numpy()
    if not ((read == scanned) | np.isnan(read)).all():  # NaN: no cell, because it has the form of a date
        raise ValueError("another number stands there")
    return pc.replace_with_mask(column.combine_chunks(), selected, pa.array(np.char.mod("%.15E", scanned), pa.string()))


def inspect_workbook(path: Path, *, marks: bool = False, most_bytes: int = _MOST_BYTES) -> dict[str, SheetScan]:
    """Unpack the workbook once without keeping it: is it whole, is it a bomb, where its cells stand.

    Args:
        path: the workbook.
        marks: keep where formulas and merged cells stand too.
        most_bytes: unpacked, and of text in all cells; more is refused.

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
            scans, longest = {name: SheetScan(marks=marks) for name in titles}, LongestText()
            for member in archive.infolist():
                scan = longest if is_shared_texts(member.filename) else scans.get(member.filename)
                size += _scan(archive, member, size, packed, scan, most_bytes)
            cells = sum(scan.cells for scan in scans.values())
            if longest.doubtful or longest.most_bytes * cells > most_bytes:
                check_texts(archive, list(scans), cells, most_bytes)
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
    alike = {name.lower() for name in names}  # to the reader
    if len(alike) < len(names) or not found.keys() <= set(names) or len(set(found.values())) < sheets:
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
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    before: int,
    packed: int,
    scan: SheetScan | LongestText | None,
    most_bytes: int,
) -> int:
    """Stream one file of the workbook past the scan, if it has one; return its size in bytes.

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
    if isinstance(scan, SheetScan):
        scan.finish()
    return size
