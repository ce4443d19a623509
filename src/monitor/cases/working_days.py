"""Which days offices work: weekdays, public holidays and the weekend days that are swapped for them.

`working_days.csv` (day, is_working true|false, source) wins over the calendar package, and the installation's own file of that
name and form wins over both; an office enters there what the State Council announces before the package knows it. For a year
that none of them knows, weekdays count, and the caller is told.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

from monitor.errors import Fault, UsageError

OVERRIDES = Path(__file__).with_name("working_days.csv")
_IS_WORKING = {"true": True, "false": False, "是": True, "否": False}


@dataclass(frozen=True)
class WorkingDays:
    """A stretch of days.

    Attributes:
        days: (day, is it worked, how many working days up to and with it since the first), without gaps.
        guessed_years: years of which only weekends are known.
    """

    days: tuple[tuple[date, bool, int], ...]
    guessed_years: tuple[int, ...]


def overrides(*paths: Path) -> Mapping[date, bool]:
    """Days that were entered by hand: the shipped ones, then those of each of `paths` that exists; the last word counts.

    Raises:
        UsageError: a file cannot be read or a row is wrong; names every row.
    """
    entered: dict[date, bool] = {}
    for path in (OVERRIDES, *paths):
        if path.is_file():
            entered |= _read(path)
    return entered


def working_days(first: date, last: date, entered: Mapping[date, bool] | None = None) -> WorkingDays:
    """Number the working days from `first` to `last`, both included."""
    entered = overrides() if entered is None else entered
    entered_years = {day.year for day in entered}
    days: list[tuple[date, bool, int]] = []
    guessed: set[int] = set()
    number = 0
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        known = _announced(day)
        if known is None and day.year not in entered_years:
            guessed.add(day.year)
        is_working = entered.get(day, day.weekday() < 5 if known is None else known)
        number += is_working
        days.append((day, is_working, number))
    return WorkingDays(tuple(days), tuple(sorted(guessed)))


def _read(path: Path) -> dict[date, bool]:
    """The days of a file; Excel may have put a mark before the first header, and offices write 是 and 否."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError("工作日表读不了。", [Fault(str(path), str(error), "UTF-8 编码的 CSV")]) from None
    entered: dict[date, bool] = {}
    faults = []
    for number, row in enumerate(rows, start=2):
        try:
            day, is_working = ((row.get(name) or "").strip().lower() for name in ("day", "is_working"))
            entered[date.fromisoformat(day)] = _IS_WORKING[is_working]
        except (ValueError, KeyError):
            faults.append(Fault(f"{path}: 第{number}行", "日期或是否上班读不懂", "2027-02-06,true 或 false,文号"))
    if faults:
        raise UsageError("工作日表有误。", faults)
    return entered


def _announced(day: date) -> bool | None:
    """Whether the calendar package says that a day is worked; None for a year that it does not know."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
