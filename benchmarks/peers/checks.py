"""GB 11643 for whole columns: three look-ups in tables instead of seventeen products."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from cells import CHECK_PLACES

_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0])
_PLACE_OF_SIGN = np.full(256, 255, np.uint8)
_PLACE_OF_SIGN[np.frombuffer(CHECK_PLACES.encode(), np.uint8)] = np.arange(11)
_PLACE_OF_SIGN[ord("x")] = 10


def keys_of(bodies: npt.NDArray[np.int64], signs: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Keys of IDs in their usual form.

    Args:
        bodies: the first 17 digits.
        signs: the last sign as a byte.

    Returns:
        keys, and which of them are right: the check character fits and the birth date is a day.
    """
    places = _check_places(bodies)
    right = (places == _PLACE_OF_SIGN[signs]) & _is_day(bodies // 1000 % 10**8)
    return bodies * 16 + places, right


@cache
def _weighted(first: int, digits: int) -> npt.NDArray[np.uint8]:
    """Of every number of some digits, the first of them at place `first`: its weighted sum modulo 11."""
    numbers = np.arange(10**digits, dtype=np.int64)
    total = np.zeros_like(numbers)
    for place in range(digits):
        digit = numbers // 10 ** (digits - 1 - place) % 10
        total += digit << (17 - first - place)
    return (total % 11).astype(np.uint8)


def _check_places(bodies: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    front, back = np.divmod(bodies, 10**6)
    front, middle = np.divmod(front, 10**6)
    total = _weighted(11, 6)[back].astype(np.int64) + _weighted(5, 6)[middle] + _weighted(0, 5)[front]
    return (12 - total % 11) % 11


def _is_day(numbers: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether numbers yyyymmdd are days of the calendar."""
    years, rest = np.divmod(numbers, 10_000)
    months, days = np.divmod(rest, 100)
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    known = (months >= 1) & (months <= 12)
    longest = _DAYS[np.where(known, months, 0)] + (leap & (months == 2))
    return (years > 0) & known & (days >= 1) & (days <= longest)
