"""Which days offices work: weekdays, public holidays and the weekend days that are swapped for them.

`working_days.csv` (day, is_working true|false, source) wins over everything; an office enters there what the State Council
announces before the calendar package knows it. For a year that neither knows, weekdays count, and the caller is told.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import chinese_calendar

OVERRIDES = Path(__file__).with_name("working_days.csv")


@dataclass(frozen=True)
class WorkingDays:
    """A stretch of days.

    Attributes:
        days: (day, is it worked, how many working days up to and with it since the first), without gaps.
        guessed_years: years of which only weekends are known.
    """

    days: tuple[tuple[date, bool, int], ...]
    guessed_years: tuple[int, ...]


@cache
def overrides(path: Path = OVERRIDES) -> Mapping[date, bool]:
    """Days that an office has entered itself."""
    with open(path, encoding="utf-8", newline="") as handle:
        return {date.fromisoformat(row["day"]): row["is_working"] == "true" for row in csv.DictReader(handle)}


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


def _announced(day: date) -> bool | None:
    """Whether the calendar package says that a day is worked; None for a year that it does not know."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None
