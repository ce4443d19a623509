"""What makes people and facts of a night: this machine's engine, or Spark. Both run the same SQL files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import duckdb

from monitor import facts
from monitor.run import Night
from monitor.transform import run_layer


@contextmanager
def makers(night: Night, connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[Callable[[], object], Callable[[], object]]]:
    """What makes core, and what makes the facts: here, or on Spark."""
    if night.settings.engine == "duckdb":
        yield partial(run_layer, connection, "core"), partial(facts.build_facts, connection)
        return
    from monitor import spark  # here: the extra is not installed everywhere

    with spark.opened(night, connection) as tables:
        yield partial(spark.build_core, tables), partial(spark.build_facts, tables)
