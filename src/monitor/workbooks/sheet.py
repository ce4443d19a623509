"""One sheet of a list: a row per household, answers to choose, everything else locked, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import xlsxwriter

from monitor.workbooks.book import Book
from monitor.workbooks.formats import Formats
from monitor.workbooks.layout import column

# height in points, then the cells
Row = tuple[Any, ...]

A4: Final = 9
MAY: Final = {
    "sort": True,
    "autofilter": True,
    "format_columns": True,
    "format_rows": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}
# a date outside is a slip of the finger: 1926 for 2026
_BEFORE, _AFTER = timedelta(days=90), timedelta(days=730)
_HEADER_CHARACTERS = 60


@dataclass(frozen=True)
class Page:
    """What stands above and below a printed page."""

    place: str
    as_of: date
    part: str = ""


def write_sheet(
    workbook: xlsxwriter.Workbook,
    formats: Formats,
    name: str,
    page: Page,
    book: Book,
    columns: Sequence[str],
    rows: Sequence[Row],
) -> None:
    """Write a sheet called `name`; the first row is the header, each row of `rows` follows as it is."""
    sheet = workbook.add_worksheet(name)
    for place, header in enumerate(columns):
        layout = column(header)
        sheet.set_column(place, place, layout.width)
        sheet.write_string(0, place, header, formats.answer_header if layout.is_answer else formats.header)
    sheet.set_row(0, 40)
    _write_rows(sheet, formats, book, columns, rows)
    _guard(sheet, book, columns, len(rows), page.as_of)
    printed = max(place for place, header in enumerate(columns) if column(header).is_printed)
    sheet.print_area(0, 0, len(rows), printed)
    sheet.repeat_rows(0)
    set_up_page(sheet, page)


def set_up_page(sheet: Any, page: Page) -> None:
    """A4 landscape, fitted to its width, page numbers below."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    sheet.set_header(f"&L{_plain(page.place)}&C{_plain(page.part)}&R数据日期 {page.as_of.isoformat()}")
    sheet.set_footer("&L内含个人信息，专人保管&C第 &P 页，共 &N 页")


def _write_rows(sheet: Any, formats: Formats, book: Book, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """The inner loop: every cell is written by its type, and no text is taken for a formula or a link."""
    layouts = [column(header) for header in columns]
    looks = [
        (formats.answer_date if header in book.dates else formats.answer)
        if layout.is_answer
        else (formats.centred if layout.is_centred else formats.text)
        for header, layout in zip(columns, layouts, strict=True)
    ]
    coloured = columns.index(book.colour)
    text, number, blank = sheet.write_string, sheet.write_number, sheet.write_blank
    for line, (height, *cells) in enumerate(rows, 1):
        sheet.set_row(line, height)
        for place, cell in enumerate(cells):
            if not cell and cell != 0:
                blank(line, place, None, looks[place])
            elif type(cell) is int:
                number(line, place, cell, formats.number)
            else:
                text(line, place, cell, formats.of(cell) if place == coloured else looks[place])


def _guard(sheet: Any, book: Book, columns: Sequence[str], count: int, as_of: date) -> None:
    """Drop-downs, date checks, and a lock without password on all that is not to be filled in."""
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, count, len(columns) - 1)
    sheet.protect("", dict(MAY))
    for header, labels in book.choices.items():
        place = columns.index(header)
        sheet.data_validation(
            *(1, place, max(count, 1), place),
            {
                "validate": "list",
                "source": list(labels),
                "input_title": "请选择",
                "input_message": "点右边的箭头，选一项",
                "error_title": "请从下拉中选择",
                "error_message": "只能填下拉中的一项；别的话请写在情况说明里。",
            },
        )
    for header in book.dates:
        place = columns.index(header)
        sheet.data_validation(
            *(1, place, max(count, 1), place),
            {
                "validate": "date",
                "criteria": "between",
                "minimum": as_of - _BEFORE,
                "maximum": as_of + _AFTER,
                "error_title": "日期有误",
                "error_message": "请填实际办理的那一天，如 2026-11-23。",
            },
        )


def _plain(text: str) -> str:
    """Words in a page header: `&` starts a command there, and the whole may not grow too long."""
    return text[:_HEADER_CHARACTERS].replace("&", "&&")
