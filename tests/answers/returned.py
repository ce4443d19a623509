"""Made-up lists as they went out, damaged as they come back, for the tests of answers."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from monitor.privacy import token_key, visit_code
from monitor.run import Home

LIST_DAY, COLLECTED = date(2026, 11, 20), date(2026, 11, 21)
HEADER = (
    "工单编号", "优先序", "颜色", "状态", "办理期限", "村(居)", "户主", "身份证号", "联系电话", "住址", "人数", "原因",
    "可能适用的政策", "询问要点", "迟到部门", "核查结果", "核查日期", "核查人", "情况说明", "核验码",
)  # fmt: skip
CODE, CASE, ANSWER, DAY, BY, NOTE = (
    HEADER.index(n) for n in ("核验码", "工单编号", "核查结果", "核查日期", "核查人", "情况说明")
)
# what row i of a list was truly answered
TRUTH = ("true_enrolled", "false_data", "not_found", "declined", "pending", "true_referred", "true_covered", "false_changed")
LABELS = {
    "true_enrolled": "属实-已纳入", "true_referred": "属实-已转介", "true_temporary": "属实-临时救助",
    "true_covered": "属实-已足额保障", "false_data": "不属实-数据错误", "false_changed": "不属实-情况已变",
    "not_found": "查无此人或外出", "declined": "本人不愿", "pending": "待补充核查", "keep": "复核维持", "stop": "复核确认停发",
}  # fmt: skip
Cells = list[list[Any]]


def case_no(number: int, letter: str = "V") -> str:
    return f"{letter}530622-20261120-{number:04d}"


def list_rows(key: bytes, count: int = len(TRUTH), first: int = 1, *, letter: str = "V") -> Cells:
    """Header and rows, filled in truthfully."""
    rows: Cells = [list(HEADER)]
    for at in range(count):
        row: list[Any] = [""] * len(HEADER)
        number = case_no(first + at, letter)
        row[CASE], row[1], row[6], row[7] = number, at + 1, f"某户{at}", "*" * 14 + f"{at:04d}"
        row[CODE] = visit_code(key, number, LIST_DAY)
        row[ANSWER], row[DAY], row[BY] = LABELS[TRUTH[at % len(TRUTH)]], "2026-11-21", "走访员"
        rows.append(row)
    return rows


@dataclass
class Book:
    """A workbook to be written: sheets of cells, and what else makes it up."""

    sheets: dict[str, Cells]
    merges: dict[str, list[tuple[int, int, int, int]]] = field(default_factory=dict)
    formats: dict[type, str] = field(default_factory=lambda: {date: "yyyy-mm-dd"})

    def write(self, path: Path) -> Path:
        book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_numbers": False})
        day = book.add_format({"num_format": "yyyy/m/d"})
        for title, rows in self.sheets.items():
            sheet = book.add_worksheet(title)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(at, column, cell, day)
                    elif isinstance(cell, Formula):
                        sheet.write_formula(at, column, cell.text, None, cell.shown)
                    elif cell not in ("", None):
                        sheet.write(at, column, cell)
            for top, left, bottom, right in self.merges.get(title, []):
                sheet.merge_range(top, left, bottom, right, rows[top][left])
        book.close()
        return path


@dataclass(frozen=True)
class Formula:
    """A cell that computes, and what it shows."""

    text: str
    shown: str


def write_csv(rows: Sequence[Sequence[Any]], path: Path, encoding: str = "gb18030", separator: str = ",") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def key_of(home: Path) -> bytes:
    return token_key(Home(home).keys)


Damage = Callable[[Cells], Cells]
