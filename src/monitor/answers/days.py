"""The day of a visit as people write it: 2026-11-21, 2026年11月21日, 26.11.21, 11月21日, an Excel number; never a guess."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

_TIME = r"(?:[T ]*(?:上午|下午|早上|晚上|中午)?[ ]*(?:\d{1,2}[:时点]\d{0,2}(?:[:分]\d{0,2}秒?(?:\.\d+)?)?分?)?Z?)?"
_WEEKDAY = r"(?:[ ]*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_REST = re.compile(rf"{_WEEKDAY}{_TIME}{_WEEKDAY}")
_YEAR_FIRST = re.compile(r"(\d{4}|\d{2}) ?(?:年|[-/.]) ?(\d{1,2}) ?(?:月|[-/.]) ?(\d{1,2}) ?(?:日|号)?(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2}) ?[-/.] ?(\d{1,2}) ?[-/.] ?(\d{4})(?!\d)")
_NO_YEAR = re.compile(r"(\d{1,2}) ?(?:月|[-/]) ?(\d{1,2}) ?(?:日|号)?(?!\d)")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_ENGLISH = re.compile(r"(\d{1,2})[- ]([A-Za-z]{3})[A-Za-z]*[- ,]*(\d{4}|\d{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERALS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_IN_CHINESE = re.compile(r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]?")
_EXCEL_EPOCH = date(1899, 12, 30)


def read_answered_day(text: str, latest: date) -> date | None:
    """Read the day of a visit.

    Args:
        text: the cell.
        latest: a day without its year is the last such day that is not after this one.

    Returns:
        the day; None when it is none, or could be two.
    """
    plain = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip(" '")
    if written := _IN_CHINESE.fullmatch(plain):
        return _day(int("".join(str(_NUMERALS[sign]) for sign in written[1])), _small(written[2]), _small(written[3]))
    if match := _DIGITS.fullmatch(plain):
        return _day(*map(int, match.groups()))
    if match := _SERIAL.fullmatch(plain):
        return _EXCEL_EPOCH + timedelta(days=int(match[1]))
    if match := _ENGLISH.fullmatch(plain):
        month = match[2].lower()
        return _day(_century(match[3]), _MONTHS.index(month) + 1, int(match[1])) if month in _MONTHS else None
    for pattern, read in ((_YEAR_FIRST, _year_first), (_YEAR_LAST, _year_last)):
        if (match := pattern.match(plain)) and _REST.fullmatch(plain[match.end() :]):
            return read(match)
    if (match := _NO_YEAR.match(plain)) and _REST.fullmatch(plain[match.end() :]):
        years = (latest.year, latest.year - 1)
        found = [day for year in years if (day := _day(year, int(match[1]), int(match[2]))) and day <= latest]
        return found[0] if found else None
    return None


def _year_first(match: re.Match[str]) -> date | None:
    return _day(_century(match[1]), int(match[2]), int(match[3]))


def _year_last(match: re.Match[str]) -> date | None:
    """11/21/2026 and 21/11/2026 are one day; 3/4/2026 could be two."""
    first, second, year = map(int, match.groups())
    found = {_day(year, first, second), _day(year, second, first)} - {None}
    return found.pop() if len(found) == 1 else None


def _century(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _small(text: str) -> int:
    """十一 is 11, 二十 is 20, 二十一 is 21."""
    if "十" not in text:
        return _NUMERALS[text] if len(text) == 1 else 0
    tens, ones = text.split("十", 1)
    return _NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
