"""Citizen ID numbers of nobody: 990 is no province, the birth date is the person's, the check digit is right.

990 + block (3 digits) + birth date (8) + serial (3, odd for men) + check digit. A block holds at most 50,000 people, and
500 serials for each day and sex are far more than its busiest birthday needs, so numbers are unique in all 1,000 blocks.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from monitor.errors import Fault, UsageError
from monitor.synth.streams import Bools, Days, Ints

WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
CHECK_CHARACTERS = pl.Series(list("10X98765432"))


def check_positions(first17: Ints) -> Ints:
    """Position of each number's check character in `10X98765432` (GB 11643)."""
    total = np.zeros(len(first17), dtype=np.int64)
    rest = first17.copy()
    for weight in WEIGHTS[::-1]:
        total += (rest % 10) * weight
        rest //= 10
    return total % 11


def number_people(block: int, born: Days, is_man: Bools) -> pl.Series:
    """ID numbers of the people of one block.

    Args:
        block: 0-999.
        born: birth dates, shape (people,).
        is_man: shape (people,).

    Raises:
        UsageError: more than 500 people of one sex are born on one day.
    """
    date_number = _as_number(born)
    order = np.lexsort((is_man, date_number))
    group = date_number[order] * 2 + is_man[order]
    starts = np.flatnonzero(np.r_[True, group[1:] != group[:-1]]) if len(group) else np.zeros(0, dtype=np.int64)
    sizes = np.diff(np.r_[starts, len(group)])
    rank = np.empty(len(group), dtype=np.int64)
    rank[order] = np.arange(len(group)) - np.repeat(starts, sizes)
    if len(rank) and rank.max() >= 499:
        raise UsageError("ID numbers run out.", [Fault(f"block {block}", f"{rank.max() + 1} births on a day", "499")])
    serial = rank * 2 + np.where(is_man, 1, 2)
    first17 = ((990_000 + block) * 100_000_000 + date_number) * 1_000 + serial
    return pl.Series(first17).cast(pl.String) + CHECK_CHARACTERS.gather(check_positions(first17))


def _as_number(days: Days) -> Ints:
    """2026-11-20 -> 20261120."""
    text = pl.Series(days.astype("datetime64[D]")).dt
    return (text.year().cast(pl.Int64) * 10_000 + text.month().cast(pl.Int64) * 100 + text.day().cast(pl.Int64)).to_numpy()
