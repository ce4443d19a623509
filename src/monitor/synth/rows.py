"""How extract makers write down rows: one frame per extract, canonical columns, money and numbers in hundredths."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from monitor.contracts import Column, extract
from monitor.synth.people import Block
from monitor.synth.rates import rates
from monitor.synth.streams import Bools, Days, Ints

# how a cell is held until a file is written: money and num as hundredths, months as the day they begin
HELD: dict[str, Any] = {
    "date": pl.Date,
    "month": pl.Date,
    "money": pl.Int64,
    "num": pl.Int64,
    "int": pl.Int64,
    "bool": pl.Boolean,
}
HISTORY_MONTHS = 15  # twelve whole months before the third-last month, and the running one


def held_type(column: Column) -> Any:
    """The polars type in which a column is held; texts, codes and IDs as String."""
    return HELD.get(column.kind, pl.String)


def given(values: Any, where: Bools) -> pl.Series:
    """The values where `where` is true, null elsewhere."""
    series = values if isinstance(values, pl.Series) else pl.Series(values)
    return series.to_frame("v").select(pl.when(pl.Series(where)).then("v")).to_series()


def numbered(prefix: str, numbers: npt.NDArray[Any], digits: int) -> pl.Series:
    """`prefix` and a number with leading zeros."""
    return prefix + pl.Series(numbers).cast(pl.String).str.zfill(digits)


def own_numbers(block: Block, size: int, start: int = 0) -> Ints:
    """Numbers that no other block uses: 8 digits within a block, the block before them."""
    return (block.number + 1) * 100_000_000 + start + np.arange(size)


def rows(block: Block, name: str, people: Ints, /, **cells: Any) -> pl.DataFrame:
    """Rows of an extract, one per position in `people`; columns that are not given are empty.

    Scalars stand for every row; numpy NaT and nulls are empty cells.
    """
    contract = extract(name)
    made = []
    for column in contract.columns:
        value = block.id_of(people) if column.name == "id_no" else cells.get(column.name)
        if isinstance(value, (pl.Series, np.ndarray)):
            made.append(pl.Series(column.name, value).cast(held_type(column)))
        else:
            value = value.item() if isinstance(value, np.generic) else value
            made.append(pl.Series(column.name, [value], dtype=held_type(column)).new_from_index(0, len(people)))
    unknown = set(cells) - {column.name for column in contract.columns}
    if unknown:
        raise KeyError(f"{name} has no columns {sorted(unknown)}")
    return pl.DataFrame(made)


def forget_cells(frame: pl.DataFrame, name: str, rng: np.random.Generator) -> pl.DataFrame:
    """Empty optional cells as often as `rates.toml` says."""
    shares: dict[str, float] = rates("empty").get(name, {})
    lost = [given(frame[column], rng.random(len(frame)) >= share).alias(column) for column, share in shares.items()]
    return frame.with_columns(lost)


def months_back(block: Block, count: int = HISTORY_MONTHS) -> Days:
    """First days of the running month and those before it, oldest first, shape (count,); one month ahead ends the list."""
    running = block.today.astype("datetime64[M]")
    months: Days = (running - np.arange(count - 1, -2, -1)).astype("datetime64[D]")
    return months


def monthly(people: Ints, months: Days) -> tuple[Ints, Days]:
    """Every person in every month."""
    return np.repeat(people, len(months)), np.tile(months, len(people))


def last_month(block: Block, ago: int = 1) -> np.datetime64:
    """First day of the month `ago` months before the running one."""
    first: np.datetime64 = (block.today.astype("datetime64[M]") - ago).astype("datetime64[D]")
    return first
