"""Seeded streams of chance. Each is named, so that a draw more in one extract moves nothing in another."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Days = npt.NDArray[np.datetime64]


def stream(seed: int, *names: str | int) -> np.random.Generator:
    """A generator that depends on the seed and on its name alone."""
    words = [zlib.crc32(str(name).encode()) for name in names]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, *words])))


def chance(rng: np.random.Generator, size: int, share: float | npt.NDArray[np.float64]) -> Bools:
    """`size` draws that are true with probability `share` (one number, or one for each)."""
    return rng.random(size) < share


def pick(rng: np.random.Generator, values: Sequence[str], size: int, weights: Sequence[float] | None = None) -> pl.Series:
    """`size` draws from `values` as a String series; equal chances without `weights`."""
    return pl.Series(values, dtype=pl.String).gather(pick_index(rng, len(values), size, weights))


def pick_index(rng: np.random.Generator, count: int, size: int, weights: Sequence[float] | None = None) -> Ints:
    """`size` positions below `count`."""
    if weights is None:
        return rng.integers(0, count, size)
    edges = np.cumsum(weights) / np.sum(weights)
    return np.minimum(np.searchsorted(edges, rng.random(size), side="right"), count - 1).astype(np.int64)


def days_before(rng: np.random.Generator, day: np.datetime64, size: int, least: int, most: int) -> Days:
    """`size` days, each `least` to `most` days before `day` (negative: after it)."""
    drawn: Days = day - rng.integers(least, most + 1, size).astype("timedelta64[D]")
    return drawn


def yuan(rng: np.random.Generator, size: int, low: float, high: float) -> Ints:
    """`size` amounts in 分 between two amounts in yuan, small ones more often."""
    return ((low + (high - low) * rng.random(size) ** 2) * 100).astype(np.int64)
