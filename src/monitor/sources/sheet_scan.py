"""The XML of a workbook, read once before the workbook's reader may touch it: how far a sheet reaches, which digits are lost.

The reader reserves room for every cell up to the last one, so a single far cell could take all memory of the machine. Only a
real parser knows where cells stand: XML may be written in many ways. What it need not know is refused: entities, document
types, encodings other than UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NoReturn
from xml.parsers import expat

from monitor.sources.plain_rows import LAST_COLUMN, LAST_ROW, plain_rows
from monitor.sources.refusal import RefusalError

MOST_CELLS = 60_000_000
MOST_COLUMNS = 500
# a used rectangle may hold this many places per cell, and a million besides
_PLACES_PER_CELL, _PLACES_FREE = 50, 1_000_000
_NUMBER = re.compile("[1-9][0-9]{0,6}")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
# from here on a double no longer holds every whole number of as many digits
_DIGITS_LOST = 1e15
_ROWS_BEGIN, _ROW_ENDS = b"<sheetData>", b"</row>"
_LONGEST_ROW = 16 * 2**20
Attributes = dict[str, str]


def xml_parser() -> expat.XMLParserType:
    """A parser that raises `expat.ExpatError` or `RefusalError` for all that an honest workbook does without."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.XmlDeclHandler = lambda version, encoding, standalone: None if _is_utf8(encoding) else _refuse()
    return parser


def local_name(name: str) -> str:
    """The name of an element or attribute without its namespace."""
    return name.rpartition(" ")[2]


def elements(content: bytes) -> Iterator[tuple[str, Attributes]]:
    """Local name and attributes of every element of a small XML file.

    Raises:
        expat.ExpatError: it is no XML.
        RefusalError: it holds what is not allowed.
    """
    found: list[tuple[str, Attributes]] = []
    parser = xml_parser()
    parser.StartElementHandler = lambda name, attributes: found.append((local_name(name), attributes))
    parser.Parse(content, True)
    return iter(found)


class SheetScan:
    """Fed with the bytes of a sheet, it keeps where its cells stand.

    Attributes:
        long_numbers: (row, column), both from 0, of numbers of so many digits that some are lost, and what is left of them.
        formulas: the places of cells that hold a formula; merged: ranges of merged cells (`B2:B5`). Both on demand.
    """

    def __init__(self, *, marks: bool = False) -> None:
        self.long_numbers: dict[tuple[int, int], float] = {}
        self.formulas: list[tuple[int, int]] = []
        self.merged: list[str] = []
        self._on_value = self._value
        self._named = {"c": self._cell, "row": self._next_row, "v": self._on_value, "is": self._on_value}
        self._named |= {"f": self._formula, "mergeCell": self._merge} if marks else {}
        self.cells = self._last_row = self._last_column = 0
        self._first_read, self._last_read = LAST_COLUMN + 1, 0
        self._row = self._column = 0
        self._row_given = False
        self._kind = "n"
        self._text: list[str] = []
        self._columns: dict[str, int] = {}
        self._waiting = b""
        self._in_rows = self._all_parsed = False
        self._starts: dict[str, Callable[[Attributes], None] | None] = {}
        self._parser = xml_parser()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.CharacterDataHandler = self._text.append
        self._parser.EndElementHandler = self._end

    def feed(self, block: bytes) -> None:
        """Take the next bytes: whole rows in the plain form are counted, all else is parsed.

        Raises:
            expat.ExpatError: it is no XML.
            RefusalError: a cell stands where a sheet has none.
        """
        self._waiting += block
        if not self._in_rows and not self._all_parsed:
            self._enter_rows()
        if self._in_rows and not self._all_parsed:
            rows = self._taken(self._waiting.rfind(_ROW_ENDS) + len(_ROW_ENDS)) if _ROW_ENDS in self._waiting else b""
            self._take_rows(rows)
            self._all_parsed = self._all_parsed or len(self._waiting) > _LONGEST_ROW
        if self._all_parsed:
            self._parser.Parse(self._taken(len(self._waiting)), False)

    def _taken(self, size: int) -> bytes:
        taken, self._waiting = self._waiting[:size], self._waiting[size:]
        return taken

    def _enter_rows(self) -> None:
        """Parse what stands before the rows. After a plain head the parser is inside of the element, whatever follows."""
        start = self._waiting.find(_ROWS_BEGIN)
        head = self._waiting if start < 0 else self._taken(start + len(_ROWS_BEGIN))
        odd = b"<!" in head or head.count(b"<?") > 1 or b"ASCII" in head.upper()
        self._in_rows, self._all_parsed = start >= 0, start < 0 or odd
        if start >= 0:
            self._parser.Parse(head, False)

    def _take_rows(self, rows: bytes) -> None:
        """Count a block of rows, or have it parsed. After a comment or the like nobody but the parser knows what is a row."""
        plain = plain_rows(rows)
        if plain is None or plain.first_row <= self._row:
            self._all_parsed = b"<!" in rows or b"<?" in rows
            self._parser.Parse(rows, False)
            return
        self._row, self._column, self._row_given = plain.last_row, plain.end_column, True
        self.cells += plain.cells
        self._last_row = max(self._last_row, plain.last_filled_row)
        self._last_column = max(self._last_column, plain.last_filled_column)
        self._first_read = min(self._first_read, plain.first_filled_column)
        self._last_read = max(self._last_read, plain.last_filled_column)

    @property
    def places(self) -> tuple[int, int]:
        """How many rows and columns the used rectangle has, counted from the first."""
        return self._last_row, self._last_column

    @property
    def columns_read(self) -> range:
        """The columns, from 0, that the workbook's reader returns: it begins with the first that holds something."""
        return range(self._first_read - 1, self._last_read)

    def finish(self) -> None:
        """Judge the whole sheet.

        Raises:
            expat.ExpatError: the XML is cut.
            RefusalError: the sheet reaches further than its cells can explain.
        """
        self._parser.Parse(self._waiting, True)
        rows, columns = self._last_row, self._last_column
        places = rows * columns
        if columns > MOST_COLUMNS or places > min(MOST_CELLS, _PLACES_PER_CELL * self.cells + _PLACES_FREE):
            raise RefusalError(f"工作表占 {rows} 行 × {columns} 列,超出可读范围;请删去表外多余的行列后重新报送")

    def _start(self, name: str, attributes: Attributes) -> None:
        starts = self._starts
        if name not in starts:
            starts[name] = self._named.get(local_name(name))
        start = starts[name]
        if start is not None:
            start(attributes)

    def _next_row(self, attributes: Attributes) -> None:
        given = attributes.get("r")
        row = self._row + 1 if given is None else int(given) if _NUMBER.fullmatch(given) else 0
        if not self._row < row <= LAST_ROW:
            _refuse_place()
        self._row, self._column, self._row_given = row, 0, given is not None

    def _cell(self, attributes: Attributes) -> None:
        """Cells come in order, as every spreadsheet writes them; else where the next one stands would be open to guesses."""
        given = attributes.get("r")
        row, column = self._row, self._column + 1
        if given is not None:
            match = _REFERENCE.fullmatch(given)
            if match is None:
                _refuse_place()
            row, column = int(match[2]), self._columns.get(match[1]) or self._numbered(match[1])
        in_row = row == self._row or (row > self._row and not self._row_given)
        if not in_row or row > LAST_ROW or not self._column < column <= LAST_COLUMN:
            _refuse_place()
        self._row, self._column = row, column
        self._kind = attributes.get("t", "n")

    def _numbered(self, letters: str) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + ord(letter) - 64
        self._columns[letters] = number
        return number

    def _value(self, attributes: Attributes) -> None:
        """A cell without a value takes no room; many sheets hold some that are only coloured."""
        self._text.clear()
        self.cells += 1
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)

    def _formula(self, attributes: Attributes) -> None:
        self._text.clear()
        self.formulas.append((self._row - 1, self._column - 1))

    def _merge(self, attributes: Attributes) -> None:
        self.merged.append(attributes.get("ref", ""))

    def _end(self, name: str) -> None:
        if self._starts[name] is self._on_value:
            text = "".join(self._text)
            if name.endswith("is") or self._is_read(text):
                self._first_read, self._last_read = min(self._first_read, self._column), max(self._last_read, self._column)
            if self._kind == "n" and (number := _long_number(text)) is not None:
                self.long_numbers[self._row - 1, self._column - 1] = number
        self._text.clear()

    def _is_read(self, value: str) -> bool:
        """Whether the workbook's reader takes a cell for one: what is empty holds nothing, unless it is a text."""
        return self._kind != "inlineStr" if value else self._kind in ("str", "d")


def _long_number(text: str) -> float | None:
    """What is left of a number that has lost digits; None of any other."""
    if len(text) < 4 or (len(text) < 16 and "e" not in text and "E" not in text):
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) >= _DIGITS_LOST else None


def _is_utf8(encoding: str | None) -> bool:
    return encoding is None or encoding.upper() in {"UTF-8", "UTF8", "US-ASCII"}


def _refuse(*declared: object) -> None:
    raise RefusalError("工作簿内含不允许的声明(实体、文档类型或非 UTF-8 编码);请用 Excel 或 WPS 另存为 .xlsx 后重新报送")


def _refuse_place() -> NoReturn:
    raise RefusalError("工作表里有单元格的位置写法不对或超出表格范围;请用 Excel 或 WPS 另存为 .xlsx 后重新报送")
