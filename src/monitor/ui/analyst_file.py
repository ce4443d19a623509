"""What the pages read: the analyst file, opened afresh for every page, so that the night's swap is seen and disturbs nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor.errors import Fault, UsageError
from monitor.settings import Settings
from monitor.store import connect

Row = dict[str, Any]


@dataclass(frozen=True)
class AnalystFile:
    """The analyst file of a home.

    Attributes:
        path: `published/warehouse.duckdb`.
        settings: threads and memory.
    """

    path: Path
    settings: Settings

    @contextmanager
    def opened(self) -> Iterator[Night]:
        """One connection that can only read this file.

        Raises:
            UsageError: it is not there, or damaged.
        """
        if not self.path.is_file():
            fault = Fault(str(self.path), "没有", remedy="先运行 monitor run 或 monitor demo")
            raise UsageError("还没有任何一晚的结果。", [fault])
        try:
            connection = connect(self.path, self.settings, read_only=True)
        except duckdb.Error:
            fault = Fault(str(self.path), "打不开", "一个完整的分析库", remedy="再运行一晚 monitor run，会由各晚的结果重建")
            raise UsageError("分析库已损坏。", [fault]) from None
        with connection:
            connection.execute("set enable_external_access = false")
            connection.execute("set lock_configuration = true")
            yield Night(connection)


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
