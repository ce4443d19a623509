"""The cover of a workbook: how many, where, by when, what departments' data it had to do without, how to fill it in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import xlsxwriter

from monitor.vocabulary import STATE_ZH, CaseState
from monitor.workbooks.book import Book
from monitor.workbooks.formats import Formats
from monitor.workbooks.sheet import Page, Row, set_up_page

NAME: Final = "封面"
_WIDTHS = (24, 14, 12, 12, 12, 12, 16, 20)
_LAST = len(_WIDTHS) - 1
# half-width characters in a line that runs over the whole cover
_LINE_CHARACTERS = sum(_WIDTHS) - 10
# up to so many points of height are shrunk onto one page, the rest runs on
_ONE_PAGE_POINTS = 900
_NO_PLACE = "（住址不详）"
_STATE = "状态"


class Missing(NamedTuple):
    """An extract that was late or refused, as the cover tells it: department, title, newest day in use, what it means."""

    department: str
    title: str
    newest: str
    meaning: str


class Cover:
    """The first sheet of a workbook."""

    def __init__(self, workbook: xlsxwriter.Workbook, formats: Formats, name: str) -> None:
        self._sheet: Any = workbook.add_worksheet(name)
        self._formats = formats
        self._row = 0
        self._points = 0
        for place, width in enumerate(_WIDTHS):
            self._sheet.set_column(place, place, width)

    def fill(self, page: Page, book: Book, columns: Sequence[str], rows: Sequence[Row], missing: Sequence[Missing]) -> None:
        """Write the whole sheet.

        Args:
            page: what stands above and below.
            book: what kind of workbook it is.
            columns: of `rows`.
            rows: all rows of the workbook, as in its sheets (the first cell is the height).
            missing: every extract that was late or refused on the day.
        """
        place, colour = (columns.index(name) + 1 for name in (book.place, book.colour))
        due = columns.index(book.due) + 1 if book.due else None
        shown = [one for one in book.colours if any(row[colour] == one for row in rows)]
        counts = Counter(row[colour] for row in rows)
        self._line(f"{page.place}{book.title}", self._formats.title, 36)
        by_colour = "　".join(f"{one} {counts[one]}" for one in shown)
        self._line(
            f"数据日期 {page.as_of.isoformat()}　　共 {len(rows)} {book.unit}　　{by_colour}", self._formats.subtitle, 24
        )
        self._count(
            f"一、各{book.place}{book.unit}数", book.place, book, shown, [(r[place] or _NO_PLACE, r[colour]) for r in rows]
        )
        if due is not None:
            dated = sorted((row[due] or "未定", row[colour]) for row in rows)
            self._count("二、办理期限", "最迟办到", book, shown, dated)
        state = columns.index(_STATE) + 1 if _STATE in columns else None
        carried = sum(row[state] == STATE_ZH[CaseState.CARRIED] for row in rows) if state is not None else 0
        self._missing("三、迟到或被退回的部门数据" if due is not None else "二、迟到或被退回的部门数据", missing, carried)
        self._how("四、怎样填写和交回" if due is not None else "三、怎样填写", book)
        self._sheet.protect("", {"select_locked_cells": True, "format_columns": True, "format_rows": True})
        self._sheet.print_area(0, 0, self._row, _LAST)
        self._sheet.hide_gridlines(2)
        set_up_page(self._sheet, page)
        if self._points + 17 * self._row <= _ONE_PAGE_POINTS:
            self._sheet.fit_to_pages(1, 1)

    def _count(self, heading: str, of: str, book: Book, shown: Sequence[str], pairs: Sequence[tuple[str, str]]) -> None:
        """A table: one row per place or day in the order given, a column per colour."""
        self._heading(heading)
        for place, header in enumerate((of, f"合计（{book.unit}）", *shown)):
            self._sheet.write_string(self._row, place, header, self._formats.of(header) if place > 1 else self._formats.header)
        totals, cells = Counter(name for name, _ in pairs), Counter(pairs)
        for name, total in totals.items():
            self._row += 1
            self._sheet.write_string(self._row, 0, name, self._formats.text)
            self._sheet.write_number(self._row, 1, total, self._formats.number)
            for place, colour in enumerate(shown, 2):
                self._sheet.write_number(self._row, place, cells[name, colour], self._formats.number)
        self._row += 1

    def _missing(self, heading: str, missing: Sequence[Missing], carried: int) -> None:
        self._heading(heading)
        if missing:
            for place, header in enumerate(("部门", "所用的一次", "数据", "情况")):
                self._cell(place, header, self._formats.header)
            for one in missing:
                self._row += 1
                for place, cell in enumerate((one.department, one.newest, one.title, one.meaning)):
                    self._cell(place, cell, self._formats.text)
            self._row += 1
            self._line("数据没有到齐的，清单中注明。走访时请多问一句。", self._formats.plain, 18)
        else:
            self._line("各部门数据均按时到达，没有被退回的。", self._formats.plain, 18)
        if carried:
            said = f"本册有 {carried} 户状态为“{STATE_ZH[CaseState.CARRIED]}”：今晚缺少判断所需的数据，沿用上次结论"
            self._line(f"{said}，不等于已经好转。", self._formats.plain, 18)

    def _how(self, heading: str, book: Book) -> None:
        self._heading(heading)
        for number, text in enumerate(book.how, 1):
            lines = -(-2 * len(text) // _LINE_CHARACTERS)
            self._line(f"{number}. {text}", self._formats.plain, 17 * lines + 3)

    def _heading(self, text: str) -> None:
        self._row += 1
        self._line(text, self._formats.heading, 22)

    def _line(self, text: str, look: Any, height: int) -> None:
        """Text over the whole width."""
        self._sheet.set_row(self._row, height)
        self._points += height - 15
        self._sheet.merge_range(self._row, 0, self._row, _LAST, "", look)
        self._sheet.write_string(self._row, 0, text, look)
        self._row += 1

    def _cell(self, place: int, text: str, look: Any) -> None:
        """The third and fourth cell of a line take three columns each: they hold the longest words."""
        if place >= 2:
            first = 2 + 3 * (place - 2)
            self._sheet.merge_range(self._row, first, self._row, first + 2, "", look)
            self._sheet.write_string(self._row, first, text, look)
        else:
            self._sheet.write_string(self._row, place, text, look)
