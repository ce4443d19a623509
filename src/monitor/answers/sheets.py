"""A returned file as tables of text: every sheet of a workbook, or the one table of a CSV; nothing in it is ever executed.

What a formula shows may be read, so the cells that hold one are told; the row they stand in is reported, never used.
"""

from __future__ import annotations

import csv
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

import fastexcel
import polars as pl

from monitor.contracts import answers
from monitor.encryption.sealed import opened
from monitor.sources.refusal import RefusalError
from monitor.sources.sheet_scan import MOST_COLUMNS, SheetScan
from monitor.sources.text_files import open_text
from monitor.sources.unpacking import BROKEN
from monitor.sources.workbooks import broken_if_unreadable, cells_of, inspect_workbook

# a township's list has some hundred rows; a whole county sent as one file has some ten thousand
MOST_ROWS, MOST_PLACES, MOST_BYTES = 200_000, 10_000_000, 512 * 2**20
_MOST_MARKS = 500_000
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})")
ENDINGS = (".xlsx", ".csv")
# what a code looks like in the middle of other text; small letters too
CODE_LIKE = r"(?i)[VRA][0-9OIL]{6}-[0-9OIL]{8}-[0-9OIL]{4,9}\.[0-9OIL]{6}\.[0-9A-Z]{10}"


@dataclass(frozen=True)
class RawTable:
    """One table as it was returned.

    Attributes:
        number, title: of the sheet; 1 and "" in a CSV file.
        cells: text columns `c0`, `c1` ...; row i and column i of it are row and column i + 1 of the spreadsheet.
        formulas: (row, column), both from 0, of cells that hold a formula.
        covered: the same of cells that a merge from above hides.
    """

    number: int
    title: str
    cells: pl.DataFrame
    formulas: frozenset[tuple[int, int]] = frozenset()
    covered: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True)
class Returned:
    """All tables of a file, and what about the file must be told although it was read."""

    tables: tuple[RawTable, ...]
    remarks: tuple[str, ...] = ()


def read_returned(path: Path, aside: Path, *, sealed: bool = False) -> Returned:
    """Read a returned file; what is written meanwhile lies in a folder of `aside`, `sealed` where the home is encrypted.

    Raises:
        RefusalError: it is of another kind, broken, encrypted, a bomb, holds macros, or is larger than any list.
    """
    ending = path.suffix.lower()
    if path.is_symlink() or not path.is_file():
        raise RefusalError("不是普通文件(文件夹或链接),不读取;请直接放入 .xlsx 或 .csv 文件")
    if ending not in ENDINGS:
        raise RefusalError("只读取 .xlsx 和 .csv 文件;请用 Excel 或 WPS 另存为 .xlsx(不含宏、不压缩)后重新报送")
    if path.stat().st_size > MOST_BYTES:
        raise RefusalError(f"文件超过 {MOST_BYTES // 2**20} MB,不是一份名单;请核对后重新报送")
    return Returned((_read_csv(path, aside, sealed=sealed),)) if ending == ".csv" else _read_workbook(path)


def _read_workbook(path: Path) -> Returned:
    remarks = _refuse_macros(path)
    scans = inspect_workbook(path, marks=True, most_bytes=MOST_BYTES)
    for number, scan in enumerate(scans.values(), start=1):
        _check_size(number, *scan.places)
        if len(scan.formulas) + len(scan.merged) > _MOST_MARKS:
            raise RefusalError(f"第{number}个工作表的公式或合并单元格过多;请粘贴为数值后重新报送")
    with broken_if_unreadable():
        book = fastexcel.read_excel(path)
        tables = [_table(book, number, title, scans[title]) for number, title in enumerate(book.sheet_names, start=1)]
    return Returned(tuple(tables), remarks)


def _refuse_macros(path: Path) -> tuple[str, ...]:
    """Look at what the workbook is made of, before anything of it is read; links to other files are not followed."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()]
    except BROKEN:
        names = []  # the scan that follows says what is wrong with it
    if any(name.endswith(("vbaproject.bin", ".bas")) or "/macrosheets/" in name for name in names):
        raise RefusalError("工作簿含宏,不读取;请另存为不含宏的 .xlsx 后重新报送")
    linked = any("externallinks/" in name or name.endswith("connections.xml") for name in names)
    return ("工作簿链接到其他文件;链接没有打开,用公式取来的单元格不采用",) if linked else ()


def _check_size(number: int, rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_PLACES:
        raise RefusalError(f"第{number}个工作表占 {rows} 行 × {columns} 列,超出一份名单的大小;请删去表外多余的行列后重新报送")


def _table(book: fastexcel.ExcelReader, number: int, title: str, scan: SheetScan) -> RawTable:
    cells = pl.DataFrame(cells_of(book, title, scan))
    if cells.is_empty():
        return RawTable(number, title, pl.DataFrame())
    return RawTable(number, title, cells, frozenset(scan.formulas), _covered(scan.merged, cells.height))


def _covered(ranges: list[str], rows: int) -> frozenset[tuple[int, int]]:
    """Cells below the first row of a merged range: what stands in its first row may be meant for them too, or not."""
    found: set[tuple[int, int]] = set()
    for match in filter(None, map(_RANGE.fullmatch, ranges)):
        first, last = int(match[2]), min(int(match[4]), rows)
        columns = range(_number(match[1]), min(_number(match[3]), MOST_COLUMNS) + 1)
        if len(found) + max(0, last - first) * len(columns) > _MOST_MARKS:
            raise RefusalError("合并单元格过多;请取消合并后重新报送")
        found |= {(row, column - 1) for row in range(first, last) for column in columns}
    return frozenset(found)


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _read_csv(path: Path, aside: Path, *, sealed: bool) -> RawTable:
    with tempfile.TemporaryDirectory(dir=aside, prefix=".reading-") as folder:  # `recovery` sweeps up what a kill leaves
        text = open_text(path, Path(folder), _known_headers(), sealed=sealed)
        try:
            with TextIOWrapper(opened(text.path), encoding="utf-8-sig", newline="") as file:
                rows = list(csv.reader(_bounded(file), delimiter=text.separator))
        except csv.Error:
            raise RefusalError("CSV 文件的结构无法识别(引号不成对,或有空字符);请另存为 .xlsx 后重新报送") from None
    if any("\n" in cell and re.search(CODE_LIKE, cell) for row in rows for cell in row):
        raise RefusalError("CSV 文件的引号不成对,几行并成了一格;请另存为 .xlsx 后重新报送")
    width = max(map(len, rows), default=0)
    _check_size(1, len(rows), width)
    if not width:
        return RawTable(1, "", pl.DataFrame())
    columns = zip(*(row + [""] * (width - len(row)) for row in rows), strict=True)
    return RawTable(1, "", pl.DataFrame({f"c{i}": pl.Series(cells, dtype=pl.String) for i, cells in enumerate(columns)}))


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    """Stop before a file of endless lines is held in memory."""
    for number, line in enumerate(lines):
        if number >= 2 * MOST_ROWS:
            raise RefusalError(f"CSV 文件超过 {2 * MOST_ROWS} 行,不是一份名单;请核对后重新报送")
        yield line


def _known_headers() -> set[str]:
    return {one.header for one in answers().columns.values()} | {a for c in answers().columns.values() for a in c.aliases}
