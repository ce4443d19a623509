"""Days and months as they are written on the command line."""

from __future__ import annotations

from datetime import date, datetime

from monitor.errors import Fault, UsageError


def read_day(option: str, text: str) -> date:
    """Read YYYY-MM-DD.

    Raises:
        UsageError: it is no such day.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
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
