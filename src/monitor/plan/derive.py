"""Facts into which a parameter flows: made anew by the very SQL of the night, from the other facts that the run kept."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb

from monitor.contracts import Fact, facts
from monitor.contracts.facts import Unit
from monitor.facts.build import stale_extracts
from monitor.plan.recall import UNITS, recall_topic
from monitor.store import identifier
from monitor.transform import layer_files, tables_read


@dataclass(frozen=True)
class Fed:
    """A topic of facts that reads parameters.

    Attributes:
        unit: person or household.
        table: its name, also that of its file.
        text: its SELECT.
        reads: the other topics that it reads.
    """

    unit: Unit
    table: str
    text: str
    reads: tuple[str, ...]

    @property
    def facts(self) -> list[Fact]:
        """The declared facts that it makes."""
        return _declared(self.unit, self.table)

    def names(self, parameter: str) -> bool:
        """Whether its SQL names a parameter."""
        return re.search(rf"\b{parameter}\b", self.text) is not None


def fed_topics(connection: duckdb.DuckDBPyConnection) -> list[Fed]:
    """Every topic of facts whose SQL reads the parameters in force."""
    found = []
    for unit in UNITS:
        for path in layer_files("facts", f"{unit}_"):
            text = path.read_text(encoding="utf-8")
            if "parameters." not in text:
                continue
            reads = sorted(table for schema, table in tables_read(connection, text) if schema == "facts")
            found.append(Fed(unit, path.stem, text, tuple(reads)))
    return found


def derive(connection: duckdb.DuckDBPyConnection, run: Path, topics: Collection[Fed]) -> dict[str, str]:
    """Make the tables of topics anew with the parameters now in `parameters.in_force`.

    A fact that rests on a late extract stays unknown, as on the night. Only what the run kept is read, where lateness has
    blanked facts too; that changes nothing as long as a fact needs every extract that the facts it is made of need.

    Returns:
        fact -> the table that holds it.
    """
    stale = stale_extracts(connection)
    where: dict[str, str] = {}
    for topic in topics:
        for table in topic.reads:
            recall_topic(connection, run, topic.unit, table, _declared(topic.unit, table))
        columns = ", ".join(_known(fact, stale) for fact in topic.facts)
        connection.execute(f"create or replace table facts.{topic.table} as select {topic.unit}, {columns} from ({topic.text})")
        where |= {fact.name: f"facts.{topic.table}" for fact in topic.facts}
    return where


def _declared(unit: Unit, table: str) -> list[Fact]:
    return [fact for fact in facts(unit).values() if fact.table == table]


def _known(fact: Fact, stale: frozenset[str]) -> str:
    value = "null" if stale.intersection(fact.needs) else identifier(fact.name)
    return f"cast({value} as {fact.sql_type}) as {identifier(fact.name)}"
