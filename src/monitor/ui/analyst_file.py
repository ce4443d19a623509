"""What the pages read: the analyst file, opened afresh for every page, so that the night's swap is seen and disturbs nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

import duckdb

from monitor.query import opened
from monitor.settings import Settings

Row = dict[str, Any]


class Night:
    """Questions to an open analyst file."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, sql: str, given: Mapping[str, Any] | None = None) -> list[Row]:
        """The rows of a select, each by column. Values go in as parameters only."""
        asked = self._connection.execute(sql, given or {})
        names = [name for name, *_ in asked.description or []]
        return [dict(zip(names, row, strict=True)) for row in asked.fetchall()]

    def one(self, sql: str, given: Mapping[str, Any] | None = None) -> Row:
        """The first row; empty if there is none."""
        return next(iter(self.rows(sql, given)), {})

    def nights(self) -> list[date]:
        """The as-of dates there are, newest first."""
        return [row["as_of"] for row in self.rows("select as_of from run order by as_of desc")]


@contextmanager
def opened_night(settings: Settings) -> Iterator[Night]:
    """The analyst file of a home, for one page.

    Raises:
        UsageError: it is not there, damaged, or of another version.
    """
    with opened(settings) as connection:
        yield Night(connection)
