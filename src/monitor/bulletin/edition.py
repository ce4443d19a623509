"""Of which night or month a bulletin tells, and how far back its pictures look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.errors import Fault, UsageError
from monitor.run import Home

# a trend shows so many nights: a month of them fits on a telephone
TREND_NIGHTS = 31


@dataclass(frozen=True)
class Edition:
    """One bulletin.

    Attributes:
        as_of: the night it tells of; of a month, the last of its nights.
        after: what came and went is counted since the night after this one; None = since the first night.
        nights: the nights of the trend, oldest first; the last is `as_of`.
        month: `YYYY-MM`; None for a single night.
        begins: whether the first of its nights is the first of all, on which every case is new.
    """

    as_of: date
    after: date | None
    nights: tuple[date, ...]
    month: str | None = None
    begins: bool = False

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.month or self.as_of.isoformat()

    @property
    def period_nights(self) -> tuple[date, ...]:
        """The nights of the trend whose comings and goings are the period's."""
        return tuple(night for night in self.nights if self.after is None or night > self.after)

    @property
    def title(self) -> str:
        if self.month:
            return f"{int(self.month[:4])}年{int(self.month[5:])}月月报"
        return f"{chinese_day(self.as_of)}夜报"

    @property
    def span(self) -> str:
        """The period in a sentence."""
        return "本月" if self.month else "今晚"


def chinese_day(day: date) -> str:
    """As it is read: 2026年11月20日."""
    return f"{day.year}年{day.month}月{day.day}日"


def night_edition(home: Home, as_of: date | None = None) -> Edition:
    """The bulletin of a night, of the newest when none is given.

    Raises:
        UsageError: there is no run, or none of that day; it names the nearest.
    """
    day = date.fromisoformat(home.find_run(as_of).name)
    every = [one for one in _nights(home) if one <= day]
    nights = tuple(every[-TREND_NIGHTS:])
    return Edition(day, nights[-2] if len(nights) > 1 else None, nights, begins=len(nights) == len(every))


def month_edition(home: Home, month: str) -> Edition:
    """The bulletin of a calendar month: the state of its last night, and what came and went in all of them.

    Args:
        home: whose runs are told of.
        month: `YYYY-MM`.

    Raises:
        UsageError: there is no run in the month; it names the months that have some.
    """
    nights = _nights(home)
    inside = tuple(night for night in nights if night.isoformat().startswith(f"{month}-"))
    if not inside:
        months = "、".join(sorted({night.isoformat()[:7] for night in nights})[-6:]) or "先运行 monitor run 或 monitor demo"
        raise UsageError("这个月没有一晚的结果。", [Fault("--month", month, months)])
    before = [night for night in nights if night < inside[0]]
    return Edition(inside[-1], before[-1] if before else None, inside, month, not before)


def _nights(home: Home) -> list[date]:
    return [date.fromisoformat(run.name) for run in home.run_folders()]
