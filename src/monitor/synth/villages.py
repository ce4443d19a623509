"""Villages of a county, prefecture or the province, from the public division list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl

from monitor.errors import Fault, UsageError
from monitor.synth.streams import Bools, Ints, stream

DIVISIONS = Path(__file__).parents[1] / "regions" / "yunnan.csv"
VILLAGE_DIGITS = 12


@dataclass(frozen=True)
class Villages:
    """Villages in scope, in code order.

    Attributes:
        code, name: 12-digit code, and township and village name.
        is_community: an urban community (社区).
        upto: cumulative share of the people, shape (villages,).
    """

    code: pl.Series
    name: pl.Series
    is_community: Bools
    upto: np.ndarray[tuple[int], np.dtype[np.float64]]

    def at(self, share: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Ints:
        """The village in which each share (0-1) of the people lies."""
        return np.minimum(np.searchsorted(self.upto, share, side="right"), len(self.code) - 1).astype(np.int64)


@cache
def divisions() -> pl.DataFrame:
    """All divisions of the province: code, name."""
    return pl.read_csv(DIVISIONS, schema_overrides={"code": pl.String}, comment_prefix="#").select("code", "name")


@cache
def villages_of(region: str, seed: int) -> Villages:
    """The villages whose code starts with `region`, with made-up sizes.

    Raises:
        UsageError: there is none.
    """
    own = (
        divisions()
        .filter(pl.col("code").str.starts_with(region), pl.col("code").str.len_chars() == VILLAGE_DIGITS)
        .sort("code")
    )
    if own.is_empty():
        raise UsageError("No village to people.", [Fault("region", region, "a division code of Yunnan that holds villages")])
    townships = divisions().filter(pl.col("code").str.len_chars() == 9).rename({"name": "township"})
    own = own.with_columns(pl.col("code").str.head(9).alias("of")).join(townships, left_on="of", right_on="code", how="left")
    weight = stream(seed, "villages", region).lognormal(0.0, 0.4, len(own))
    name = own["township"].fill_null("") + own["name"].str.replace("居委会|村委会|村民委员会|居民委员会", "")
    is_community = own["name"].str.contains("社区|居委会").to_numpy()
    return Villages(own["code"], name, is_community, np.cumsum(weight) / weight.sum())
