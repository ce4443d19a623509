"""From core to facts: topics, the wide rows, and what is not known because a department is late."""

from __future__ import annotations

import duckdb

from monitor.contracts import Fact, facts
from monitor.contracts.facts import Unit
from monitor.facts.wide import PLACED, build_wide, needs_slices
from monitor.store import identifier
from monitor.transform import run_layer


def build_facts(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every fact of persons and households.

    Reads `staging`, `core` and `parameters.in_force`. Household topics read `facts.person_wide`, so persons come first.

    Raises:
        PromiseBroken: a topic file and the declared facts disagree, or a topic has two rows for a subject.
    """
    units: tuple[Unit, ...] = ("person", "household")
    for unit in units:
        run_layer(connection, "facts", prefix=f"{unit}_", order_by=unit if needs_slices(connection, unit) else "")
        build_wide(connection, unit)
    make_views(connection)


def make_views(connection: duckdb.DuckDBPyConnection) -> None:
    """`facts.person` and `facts.household`: as the wide rows, without the facts that need a stale extract."""
    units: tuple[Unit, ...] = ("person", "household")
    stale = stale_extracts(connection)
    for unit in units:
        _make_view(connection, unit, stale)


def stale_extracts(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """The extracts that are late, or never came."""
    rows = connection.execute("select extract from deliveries.freshness where is_stale").fetchall()
    return frozenset(name for (name,) in rows)


def _make_view(connection: duckdb.DuckDBPyConnection, unit: Unit, stale: frozenset[str]) -> None:
    columns = [*PLACED[unit], *(_known(fact, stale) for fact in facts(unit).values())]
    connection.execute(f"create or replace view facts.{unit} as select {', '.join(columns)} from facts.{unit}_wide")


def _known(fact: Fact, stale: frozenset[str]) -> str:
    name = identifier(fact.name)
    return f"cast(null as {fact.sql_type}) as {name}" if stale.intersection(fact.needs) else name
