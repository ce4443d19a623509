"""What time it is, for whoever starts nights and looks after them. Nothing that a night computes may import this.

Nights are counted in the time of Shanghai, wherever the machine believes to stand.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_NOON = timedelta(hours=12)
_MORNING = timedelta(hours=8)


def now() -> datetime:
    """The moment, in the time of Shanghai."""
    return datetime.now(SHANGHAI)


def night_of(scheduled: datetime) -> date:
    """The as-of date of a night from the moment for which its start was planned, not from the one at which it started.

    Before noon it is the day that has just ended, from noon on the day that is ending: 02:00 on the 21st and 22:00 on the
    20th both ask of the 20th.

    Args:
        scheduled: with its time zone.
    """
    return (scheduled.astimezone(SHANGHAI) - _NOON).date()


def newest_due(moment: datetime) -> date:
    """The newest as-of date that must have been run by a moment: each night has until 08:00 of the next day."""
    return (moment.astimezone(SHANGHAI) - timedelta(days=1) - _MORNING).date()
