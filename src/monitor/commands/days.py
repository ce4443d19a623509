"""Days and months as they are written on the command line."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime

from monitor.errors import Fault, UsageError


def read_day(option: str, text: str) -> date:
    """Read YYYY-MM-DD.

    Raises:
        UsageError: it is no such day; says so where only the day of the month does not exist.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        written = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text, re.ASCII)
        year, month = (int(written[1]), int(written[2])) if written else (0, 0)
        if year and 1 <= month <= 12:
            last = monthrange(year, month)[1]
            found = f"没有 {text} 这一天，{year}年{month}月有{last}天"
            raise UsageError("没有这一天。", [Fault(option, found, f"这个月的1日至{last}日")]) from None
        raise UsageError("日期看不懂。", [Fault(option, repr(text), "2026-11-20 这样的日期")]) from None


def read_month(text: str) -> str:
    """Read the YYYY-MM of `--month`, and return it so written.

    Raises:
        UsageError: it is no such month.
    """
    try:
        return f"{datetime.strptime(text, '%Y-%m'):%Y-%m}"
    except ValueError:
        raise UsageError("月份看不懂。", [Fault("--month", repr(text), "2026-11 这样的月份")]) from None
