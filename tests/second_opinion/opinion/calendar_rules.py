"""Months and rounding as the definitions have them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction


def plus_months(day: date, count: int) -> date:
    """The same day `count` months later (or earlier), or the last day of a shorter month."""
    month = day.year * 12 + day.month - 1 + count
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_since(day: date, now: date) -> int:
    """The largest n with day + n months <= now, for days not after now."""
    count = 12 * (now.year - day.year) + now.month - day.month
    return count if plus_months(day, count) <= now else count - 1


def years_since(day: date, now: date) -> int:
    return months_since(day, now) // 12


def within_months(day: date | None, count: int, now: date) -> bool:
    return day is not None and plus_months(now, -count) < day <= now


def within_days(day: date | None, count: int, now: date) -> bool:
    return day is not None and 0 <= (now - day).days < count


def first_of(day: date) -> date:
    return day.replace(day=1)


def rounded(value: Fraction, places: int = 2) -> Decimal:
    """Half away from zero; amounts here are never so large that a Decimal would lose digits."""
    scaled = abs(value) * 10**places
    whole = scaled.numerator // scaled.denominator + int(2 * (scaled.numerator % scaled.denominator) >= scaled.denominator)
    result = Decimal(whole).scaleb(-places).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return -result if value < 0 else result
