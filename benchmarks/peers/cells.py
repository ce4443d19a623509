"""What a cell means, one cell at a time: the landing rules of the job for a text that is not in its usual form.

The peers read usual forms column-wise and only what is left here, so this is short rather than fast. Money is whole fen,
other numbers are ten-thousandths, months are counted from year 0, IDs are their 17 digits x 16 + the place of the check
character in `CHECK_PLACES`. None = empty or unreadable; who needs to know which of them asks `is_empty`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from monitor.contracts import Column, codes
from monitor.sources.cells import EMPTY_WORDS
from monitor.sources.text_files import BLANKS

CHECK_PLACES = "0123456789X"
NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
TRUTH = {"是": True, "1": True, "Y": True, "否": False, "0": False, "N": False}
# a cell that a repair may change: full-width signs and rare blanks anywhere, blanks or an apostrophe at its edges
ODD = (
    r"[\x{FF01}-\x{FF5E}\x{85}\x{A0}\x{1680}\x{180E}\x{2000}-\x{200D}\x{2028}\x{2029}\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}]"
    r"|^[\x09-\x0D\x1C-\x20']|[\x09-\x0D\x1C-\x20]$"
)
_DATE = re.compile(r"(\d{4})(?:-(\d\d?)-(\d\d?)|/(\d\d?)/(\d\d?)|年(\d\d?)月(\d\d?)日|(\d\d)(\d\d))", re.ASCII)
_MONTH = re.compile(r"(\d{4})-?(\d\d)", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d+(\.0+)?", re.ASCII)
_VILLAGE = re.compile(r"[1-9]\d{11}", re.ASCII)
_ID = re.compile(r"([1-9]\d{16})([\dXx])", re.ASCII)
_OLD_ID = re.compile(r"[1-9]\d{14}", re.ASCII)


def repaired(text: str) -> str | None:
    """Signs narrowed, blanks trimmed, one apostrophe in front dropped."""
    text = text.translate(NARROW).strip(BLANKS)
    return (text[1:].strip(BLANKS) if text.startswith("'") else text) or None


def given(text: str | None) -> str | None:
    """What is left of a cell after the repairs and the words for nothing."""
    text = repaired(text) if text else None
    return None if text in EMPTY_WORDS else text


def labels(code_list: str) -> dict[str, str]:
    """Label or code -> code."""
    return {label: code for code, label in codes()[code_list].items()} | {code: code for code in codes()[code_list]}


def reader(column: Column) -> Callable[[str | None], Any]:
    """The function that reads a cell of the column."""
    if column.kind == "code":
        known = labels(column.code_list or "")
        return lambda text: known.get(repaired(text) or "") if text else None
    read = READERS[column.kind]
    return lambda text: None if (cell := given(text)) is None else read(cell)


def _day(cell: str) -> date | None:
    found = _DATE.fullmatch(cell)
    try:
        return date(*(int(part) for part in found.groups() if part)) if found else None
    except ValueError:
        return None


def _month(cell: str) -> int | None:
    found = _MONTH.fullmatch(cell)
    return month_number(int(found[1]), int(found[2])) if found and 1 <= int(found[2]) <= 12 else None


def month_number(year: int, month: int) -> int:
    """Months since year 0, so that windows are differences."""
    return 12 * year + month - 1


def _fen(cell: str) -> int | None:
    number = cell.removesuffix("元").removesuffix("万").strip(BLANKS) if cell.endswith("元") else cell
    number = number.replace(",", "") if _GROUPED.fullmatch(number) else number
    yuan = 10_000 if cell.endswith("万元") else 1
    return _rounded(Decimal(number) * yuan * 100) if _NUMBER.fullmatch(number) else None


def _rounded(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))


def _ten_thousandths(cell: str) -> int | None:
    return _rounded(Decimal(cell) * 10_000) if _NUMBER.fullmatch(cell) else None


def _key(cell: str) -> int | None:
    """GB 11643: weighted by 2^(18 - place) the 18 places sum to 1 modulo 11; digits 7 to 14 are a day of the calendar."""
    found = _ID.fullmatch(f"{cell[:6]}19{cell[6:]}0" if _OLD_ID.fullmatch(cell) else cell)
    if not found or _day(found[1][6:14]) is None:
        return None
    remainder = sum(int(digit) << (17 - place) for place, digit in enumerate(found[1])) % 11
    place = (12 - remainder) % 11
    wanted = CHECK_PLACES[place]
    return int(found[1]) * 16 + place if len(cell) == 15 or found[2].upper() == wanted else None


READERS: dict[str, Callable[[str], Any]] = {
    "id": _key,
    "text": lambda cell: cell,
    "bool": lambda cell: TRUTH.get(cell),
    "village": lambda cell: int(cell) if _VILLAGE.fullmatch(cell) else None,
    "date": _day,
    "month": _month,
    "money": _fen,
    "num": _ten_thousandths,
    "int": lambda cell: int(cell.partition(".")[0]) if _WHOLE.fullmatch(cell) else None,
}
