"""Take stock when the lists of the night stand: what is listed, answered, overdue, and what need is missed."""

from __future__ import annotations

import duckdb

from monitor.learned.interval import make_interval_macros
from monitor.learned.numbers import LearningNumbers, learning_numbers, set_numbers
from monitor.transform import run_layer


def take_stock(connection: duckdb.DuckDBPyConnection, numbers: LearningNumbers | None = None) -> None:
    """Make `learned.progress` and `learned.missed_need`.

    Args:
        connection: the working database after `learn` and after cases were opened and listed.
        numbers: instead of those of `schemas/learning.toml`.
    """
    make_interval_macros(connection)
    set_numbers(connection, numbers or learning_numbers())
    for prefix in ("audited_", "missed_need", "progress"):
        run_layer(connection, "learned", prefix=prefix)
