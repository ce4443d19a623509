"""Tables for readers: some columns under Chinese heads, rows numbered from 1, blanks as a dash."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd


def shown(table: pd.DataFrame, heads: Mapping[str, str]) -> pd.DataFrame:
    """The columns that are named, in that order, as text for a reader.

    Args:
        table: an answer, one row per row of the result.
        heads: column -> its head in Chinese.
    """
    picked = table[list(heads)].rename(columns=dict(heads))
    picked.index = pd.RangeIndex(1, len(picked) + 1)
    return picked.map(_text)


def _text(cell: object) -> str:
    if cell is None or cell is pd.NA or cell != cell:  # NaN is not itself
        return "—"
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int):
        return f"{cell:,}"
    return f"{cell:,.2f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
