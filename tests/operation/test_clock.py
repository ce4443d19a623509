"""Which day a night is for, by the moment for which it was planned, and since when it is missed."""

from datetime import UTC, date, datetime

import pytest

from monitor.clock import SHANGHAI, newest_due, night_of


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("planned", "as_of"),
    [
        (shanghai("2026-11-21 02:00"), "2026-11-20"),
        (shanghai("2026-11-20 22:00"), "2026-11-20"),
        (shanghai("2026-11-21 11:59:59"), "2026-11-20"),
        (shanghai("2026-11-21 12:00"), "2026-11-21"),
        (shanghai("2027-01-01 02:00"), "2026-12-31"),
        (datetime(2026, 11, 20, 18, 0, tzinfo=UTC), "2026-11-20"),  # 02:00 of the 21st in Shanghai
    ],
)
def test_a_night_before_noon_asks_of_the_day_before(planned: datetime, as_of: str) -> None:
    assert night_of(planned) == date.fromisoformat(as_of)


@pytest.mark.parametrize(
    ("moment", "due"),
    [("2026-11-21 07:59", "2026-11-19"), ("2026-11-21 08:00", "2026-11-20"), ("2026-11-21 23:59", "2026-11-20")],
)
def test_a_night_is_missed_from_eight_in_the_morning_on(moment: str, due: str) -> None:
    assert newest_due(shanghai(moment)) == date.fromisoformat(due)
