"""The database in which rules are parsed and their examples run."""

from __future__ import annotations

from functools import cache

import duckdb

from monitor.settings import Settings
from monitor.store import connect


@cache
def sealed_connection() -> duckdb.DuckDBPyConnection:
    """A database in memory that reaches nothing outside itself, for parsing rules and running their examples."""
    connection = connect(None, Settings(threads=1, memory_limit_mb=512))
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection
