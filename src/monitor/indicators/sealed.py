"""The database in which rules are parsed and their examples run."""

from __future__ import annotations

from functools import cache

import duckdb

from monitor.store import connect_apart


@cache
def sealed_connection() -> duckdb.DuckDBPyConnection:
    """A database in memory that reaches nothing outside itself, for parsing rules and running their examples."""
    connection = connect_apart()
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection
