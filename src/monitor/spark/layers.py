"""Core and facts on Spark: the SQL files of `sql/`, in the order in which they read each other."""

from __future__ import annotations

import shutil
from graphlib import TopologicalSorter
from typing import Final

import duckdb

from monitor.contracts import Fact, facts
from monitor.contracts.facts import Unit
from monitor.facts import make_views
from monitor.facts.wide import PLACED, check_topics, refuse_doubled, topics
from monitor.spark.tables import Tables, parsed
from monitor.spark.translate import tables_of
from monitor.store import identifier, literal
from monitor.transform import layer_files

# what later steps read in the order of its key; Spark keeps no order but one that is asked for
_ORDER: Final = {"core.person": "person", "core.household": "household"}


def build_core(tables: Tables) -> None:
    """Make every table of `core`; what a night that crashed left in shared storage is of no use."""
    shutil.rmtree(tables.folder)
    tables.folder.mkdir()
    _run(tables, "core")


def build_facts(tables: Tables) -> None:
    """Make every fact of persons and households, with and without what needs a stale extract.

    Raises:
        PromiseBroken: the topic tables are not as declared, or one of them has two rows for a subject.
    """
    units: tuple[Unit, ...] = ("person", "household")
    for unit in units:
        _run(tables, "facts", f"{unit}_")
        check_topics(tables.connection, unit)
        tables.make(f"facts.{unit}_wide", wide_select(unit), order_by=unit)
        _check_one_row(tables.connection, unit)
    make_views(tables.connection)


def read_texts(layer: str, prefix: str = "") -> dict[str, str]:
    """`schema.table` -> SELECT of the files of a layer."""
    return {f"{layer}.{path.stem}": path.read_text(encoding="utf-8") for path in layer_files(layer, prefix)}


def wide_select(unit: Unit) -> str:
    """Every subject with every declared fact, in DuckDB's SQL: what a subject without a row of a topic gets is declared."""
    columns = [f"subject.{name}" for name in PLACED[unit]]
    columns += [_column(unit, fact) for fact in facts(unit).values()]
    joins = [f"left join facts.{table} as {table} on {table}.{unit} = subject.{unit}" for table in topics(unit)]
    return f"select {', '.join(columns)} from core.{unit} as subject {' '.join(joins)}"


def _check_one_row(connection: duckdb.DuckDBPyConnection, unit: Unit) -> None:
    """Check that `facts.<unit>_wide`, where topics were joined, has as many rows as there are subjects.

    Raises:
        PromiseBroken: it has not; names the topics with two rows for a subject.
    """
    rows = connection.execute(f"select (select count(*) from facts.{unit}_wide), (select count(*) from core.{unit})").fetchall()
    if rows[0][0] == rows[0][1]:
        return
    count = "select count(*) from (select {unit} from facts.{table} group by {unit} having count(*) > 1)"
    doubled = {table: connection.execute(count.format(unit=unit, table=table)).fetchall()[0][0] for table in topics(unit)}
    refuse_doubled(unit, {table: rows for table, rows in doubled.items() if rows})


def _column(unit: Unit, fact: Fact) -> str:
    value = f"{fact.table}.{identifier(fact.name)}"
    if fact.no_record is not None:
        value = f"case when {fact.table}.{unit} is null then {literal(fact.no_record)} else {value} end"
    return f"cast({value} as {fact.sql_type}) as {identifier(fact.name)}"


def _run(tables: Tables, layer: str, prefix: str = "") -> None:
    """Every file is computed once and written: what reads it then has a short plan and knows how large it is."""
    texts = read_texts(layer, prefix)
    order = TopologicalSorter({name: sorted(tables_of(parsed(text)) & texts.keys()) for name, text in texts.items()})
    for name in order.static_order():
        tables.make(name, texts[name], order_by=_ORDER.get(name, ""))
