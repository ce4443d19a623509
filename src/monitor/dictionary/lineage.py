"""From which columns of which extracts every fact comes: the SQL files followed back to the landing tables."""

from __future__ import annotations

import json
from functools import cache
from typing import Final

import duckdb

from monitor.contracts import extracts, facts
from monitor.contracts.facts import Unit
from monitor.dictionary.sql_columns import (
    NOTHING,
    Relation,
    SourceColumn,
    Trace,
    Tree,
    UnreadableTreeError,
    select_relation,
    together,
)
from monitor.store import connect_apart, literal
from monitor.transform import layer_files, nodes, tables_read

LAYERS: Final = ("staging", "core", "facts")
# they bound the months that a fact looks at or set a limit, and tell nothing of a person: no department's columns
CALENDAR: Final = "core.time_window"
NO_RECORDS: Final = frozenset({"deliveries", "parameters"})
UNITS: Final[tuple[Unit, ...]] = ("person", "household")


class Lineage:
    """The traces of all tables between landing and facts."""

    def __init__(self) -> None:
        self._connection = connect_apart()
        self._texts = {
            f"{layer}.{path.stem}": path.read_text(encoding="utf-8") for layer in LAYERS for path in layer_files(layer)
        }
        self._relations: dict[str, Relation] = {}

    def fact(self, unit: Unit, name: str) -> Trace:
        """The trace of a fact."""
        return self.table("facts", facts(unit)[name].table)[name]

    def table(self, schema: str, name: str) -> Relation:
        """The traces of a table's columns.

        Raises:
            UnreadableTreeError: no file makes it.
        """
        key = f"{schema}.{name}"
        if key not in self._relations:
            self._relations[key] = self._traced(schema, name)
        return self._relations[key]

    def _traced(self, schema: str, name: str) -> Relation:
        key = f"{schema}.{name}"
        if key == CALENDAR or schema in NO_RECORDS:
            return Relation({}, others=NOTHING)
        if schema == "landing":
            return _landing(name)
        if key in self._texts:
            return self.of_file(self._texts[key])
        wide = {f"facts.{unit}{ending}": unit for unit in UNITS for ending in ("", "_wide")}
        if key in wide:
            return self._wide(wide[key])
        raise UnreadableTreeError(f"no file makes {key}")

    def _wide(self, unit: Unit) -> Relation:
        """The subjects with all their facts; the facts of others stand beside, so that they decide no row."""
        subjects = self.table("core", unit)
        own = {name: self.fact(unit, name) for name in facts(unit)}
        return Relation(subjects.columns | own, subjects.rows)

    def of_file(self, text: str) -> Relation:
        """The traces of a SELECT's columns: one by one, or all alike where the tree cannot be followed."""
        try:
            return select_relation(_statement(self._connection, text), self.table)
        except UnreadableTreeError:
            return self._of_whole_file(text)

    def _of_whole_file(self, text: str) -> Relation:
        """What a file that cannot be followed column by column may have taken: every column that it names."""
        tree = _statement(self._connection, text)
        named = {name for node in nodes(tree) if node.get("class") == "COLUMN_REF" for name in node["column_names"]}
        read = [self.table(*table) for table in sorted(tables_read(self._connection, text))]
        trace = together([relation[name] for relation in read for name in sorted(named) if name in relation])
        return Relation({}, others=Trace(trace.all, is_exact=False))


def _landing(extract: str) -> Relation:
    columns = {}
    for column in extracts()[extract].columns:
        columns[column.name] = Trace(frozenset({(extract, column.name)}))
        if column.kind == "id":
            columns[f"{column.name}_key"] = columns[column.name]
    return Relation(columns | dict.fromkeys(("_delivered_on", "_part", "_row"), NOTHING))


def _statement(connection: duckdb.DuckDBPyConnection, text: str) -> Tree:
    row = connection.execute(f"select json_serialize_sql({literal(text.strip().rstrip(';'))})").fetchone()
    assert row is not None
    statement: Tree = json.loads(row[0])["statements"][0]["node"]
    return statement


@cache
def fact_traces() -> dict[tuple[Unit, str], Trace]:
    """(unit, fact) -> its trace, for every declared fact."""
    lineage = Lineage()
    return {(unit, name): lineage.fact(unit, name) for unit in UNITS for name in facts(unit)}


@cache
def membership() -> frozenset[SourceColumn]:
    """The columns that say who is known, alive, a member, and of which household: behind every fact, so told once."""
    person = Lineage().table("core", "person")
    return together([person.rows, person["person"], person["is_member"], person["household"], person["place_id"]]).all
