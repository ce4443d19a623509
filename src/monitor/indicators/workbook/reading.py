"""The sheet of new indicators as text: no formula is evaluated, nothing in a cell can run."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from monitor.indicators.workbook.columns import BY_HEADER, COLUMNS, LONGEST_CELL, MOST_ROWS, letters
from monitor.indicators.workbook.words import CellFault, nearest

_MOST_BYTES = 50 * 2**20
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f[ />]')
_FILLED = re.compile(rb'<c r="([A-Z]{1,3})\d{1,7}"[^>]*[^/]>\s*<(?:v|is|f)[ />]')
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2}) 00:00:00")
_STARTS_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Row:
    """A row of the sheet.

    Attributes:
        number: as a spreadsheet shows it.
        cells: column key -> trimmed text; an empty cell is missing.
        places: column key -> `新指标!D7`.
    """

    number: int
    cells: dict[str, str]
    places: dict[str, str]

    def get(self, key: str) -> str:
        return self.cells.get(key, "")


def read_sheet(path: Path, title: str) -> tuple[list[Row], list[CellFault]]:
    """Read the rows below the header.

    Args:
        path: the workbook.
        title: of the sheet.

    Returns:
        the rows that hold anything, and what is wrong with the file, the sheet, its header and its texts. No rows when a
        column is missing: each of them would only repeat it.
    """
    texts, faults = _texts(path, title)
    if faults:
        return [], faults
    head = next((at for at, row in enumerate(texts) if "编号" in row), None)
    if head is None:
        return [], [
            CellFault(f"{title}!1", "找不到表头", "有“编号”的一行表头", remedy="用 monitor indicators export 导出一份新的来填")
        ]
    faults, missing = _header_faults(title, head, texts[head]), _missing(title, head, texts[head])
    if missing:
        return [], faults + missing
    columns = {BY_HEADER[name].key: at for at, name in enumerate(texts[head]) if name in BY_HEADER}
    rows = [_row(title, number, texts[number - 1], columns) for number in range(head + 2, len(texts) + 1)]
    rows = [row for row in rows if row.cells]
    if not rows and not faults:
        faults.append(CellFault(f"{title}!A{head + 2}", "表里没有指标", remedy="从表头下一行开始填，一行一个条件"))
    if len(rows) > MOST_ROWS:
        faults.append(CellFault(f"{title}!A{rows[MOST_ROWS].number}", f"有 {len(rows)} 行", f"一次不超过 {MOST_ROWS} 行"))
    return rows, faults + [fault for row in rows for fault in _text_faults(row)]


def _texts(path: Path, title: str) -> tuple[list[list[str]], list[CellFault]]:
    """Every cell of the sheet from A1 on, as trimmed text."""
    import fastexcel

    try:
        if not zipfile.is_zipfile(path):
            raise ValueError("not a workbook")
        if _unpacked_bytes(path) > _MOST_BYTES:
            return [], [CellFault(path.name, "文件太大", "解开后不超过50MB的工作簿", remedy="只留“新指标”这张表")]
        book = fastexcel.read_excel(path)
        if title not in book.sheet_names:
            found = f"没有“{title}”这张表"
            return [], [CellFault(path.name, found, "、".join(book.sheet_names), nearest(title, book.sheet_names))]
        frame = book.load_sheet(title, header_row=None, skip_rows=0, dtypes="string").to_polars()
        formulas, first = _inspect(path, book.sheet_names.index(title))
    except (fastexcel.FastExcelError, ValueError, KeyError, zipfile.BadZipFile, OSError):
        return [], [CellFault(path.name, "工作簿读不出来", ".xlsx 文件", remedy="用 Excel 或 WPS 另存为 .xlsx 再导入")]
    if formulas:
        remedy = "复制这一格，用“选择性粘贴—数值”贴回去"
        return [], [
            CellFault(f"{title}!{cell}", "这一格是公式", "文字或数字", "公式算出什么不由表里说了算", remedy)
            for cell in formulas
        ]
    return [[""] * first + [_trimmed(cell) for cell in row] for row in frame.iter_rows()], []


def _unpacked_bytes(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(member.file_size for member in archive.infolist())


def _inspect(path: Path, index: int) -> tuple[list[str], int]:
    """The cells of a sheet that are formulas, and the number of its first column that holds anything."""
    with zipfile.ZipFile(path) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").decode()
        sheets = re.findall(r"<sheet\b[^>]*?\br:id=\"([^\"]+)\"", archive.read("xl/workbook.xml").decode())
        found = re.search(rf"<Relationship\b(?=[^>]*\bId=\"{re.escape(sheets[index])}\")[^>]*\bTarget=\"([^\"]+)\"", relations)
        target = found[1] if found else f"worksheets/sheet{index + 1}.xml"
        content = archive.read(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    firsts = {_column_number(name.decode()) for name in _FILLED.findall(content)}
    return [cell.decode() for cell in _FORMULA.findall(content)], min(firsts, default=0)


def _column_number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _trimmed(cell: str | None) -> str:
    text = " ".join((cell or "").replace("　", " ").split())
    day = _DAY.fullmatch(text)
    return day[1] if day else text


def _header_faults(title: str, head: int, names: list[str]) -> list[CellFault]:
    faults = []
    for at, name in enumerate(names):
        if name and name not in BY_HEADER:
            near = nearest(name, BY_HEADER)
            faults.append(
                CellFault(
                    f"{title}!{letters(at)}{head + 1}", f"没有“{name}”这一列", "、".join(BY_HEADER), near, "改回原来的表头"
                )
            )
    for name, count in Counter(name for name in names if name in BY_HEADER).items():
        if count > 1:
            last = max(at for at, other in enumerate(names) if other == name)
            faults.append(
                CellFault(f"{title}!{letters(last)}{head + 1}", f"“{name}”这一列有 {count} 个", "一列一个", remedy="删掉多的")
            )
    return faults


def _missing(title: str, head: int, names: list[str]) -> list[CellFault]:
    return [
        CellFault(f"{title}!{head + 1}", f"缺“{column.header}”这一列", column.header, remedy="补上这一列")
        for column in COLUMNS
        if (column.required or column.each_row) and column.header not in names
    ]


def _row(title: str, number: int, texts: list[str], columns: dict[str, int]) -> Row:
    places = {key: f"{title}!{letters(at)}{number}" for key, at in columns.items()}
    cells = {key: texts[at].lstrip("'") for key, at in columns.items() if texts[at]}
    return Row(number, cells, places)


def _text_faults(row: Row) -> list[CellFault]:
    """Cells that would start a formula when somebody opens them again, and cells too long to read."""
    faults = []
    for key, text in row.cells.items():
        if text.startswith(_STARTS_FORMULA) and key not in ("value", "hit_value", "clear_value"):
            faults.append(CellFault(row.places[key], f"以“{text[0]}”开头，像公式", "以文字开头", remedy="去掉开头的符号"))
        if len(text) > LONGEST_CELL:
            faults.append(CellFault(row.places[key], f"有 {len(text)} 个字", f"不超过 {LONGEST_CELL} 个字"))
        if not text.isprintable():
            faults.append(CellFault(row.places[key], "有看不见的控制字符", "文字", remedy="重新打一遍"))
    return faults
