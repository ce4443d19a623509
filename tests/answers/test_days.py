"""How people write the day of a visit."""

from datetime import date

import pytest

from monitor.answers.days import read_answered_day

LATEST = date(2026, 12, 22)


@pytest.mark.parametrize(
    "text",
    ["2026-11-21", "2026/11/21", "2026.11.21", "20261121", "2026年11月21日", "2026年11月21号", "26-11-21", "26.11.21",
     "11月21日", "11-21", "11/21", "46347", "46347.5", "2026-11-21 00:00:00", "2026-11-21T14:30:00", "2026-11-21 14:30",
     "2026年11月21日下午", "2026年11月21日 星期六", "2026年11月21日(周六)", "二〇二六年十一月二十一日", "11/21/2026",
     "21/11/2026", "21-Nov-26", "２０２６年１１月２１日", " 2026 - 11 - 21", "'2026-11-21"],
)  # fmt: skip
def test_one_day_in_many_forms(text: str) -> None:
    assert read_answered_day(text, LATEST) == date(2026, 11, 21)


@pytest.mark.parametrize(
    "text", ["", "x", "昨天", "上周三", "3/4/2026", "2026-13-01", "2026-11", "11.21", "11.20-11.22", "2026-11-210", "11-31"]
)
def test_what_is_no_day_or_could_be_two_is_not_guessed(text: str) -> None:
    assert read_answered_day(text, LATEST) is None


def test_a_day_without_its_year_is_the_last_such_day() -> None:
    assert read_answered_day("12月30日", date(2027, 1, 31)) == date(2026, 12, 30)
