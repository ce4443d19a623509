"""One wide row per person and household: the topic tables side by side, every declared fact once, in its declared type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from monitor.contracts import Fact, facts
from monitor.contracts.facts import Unit
from monitor.errors import Fault, PromiseBroken
from monitor.store import identifier, literal
from monitor.transform import key_slices, layer_files

# subjects whose facts are put together at a time: bounds the memory of their hundred columns.
# Whole row groups of DuckDB, because the row groups of the file written from them follow those of the table.
_ROW_GROUP: Final = 122_880
SUBJECTS_AT_ONCE: Final = 4 * _ROW_GROUP
# the key of nobody: above every key, so that it stands behind them
_NOBODY: Final = 2**63 - 1

Keys = npt.NDArray[np.int64]

# what a wide row holds besides facts, all of it from core.<unit>
PLACED: Final[dict[str, tuple[str, ...]]] = {
    "person": ("person", "household", "place_id", "county", "township", "village_code", "is_member", "is_living"),
    "household": ("household", "place_id", "county", "township", "village_code"),
}


def topics(unit: Unit) -> dict[str, list[Fact]]:
    """The declared facts of a unit by the topic table that makes them."""
    declared: dict[str, list[Fact]] = {}
    for fact in facts(unit).values():
        declared.setdefault(fact.table, []).append(fact)
    return declared


def check_topics(connection: duckdb.DuckDBPyConnection, unit: Unit) -> None:
    """Compare what the topic files made with what is declared.

    Raises:
        PromiseBroken: a declared fact is not made, or a column is neither declared nor read by another file; names every one.
    """
    declared = {table: [fact.name for fact in own] for table, own in topics(unit).items()}
    made = _made(connection, unit)
    schema = f"schemas/facts/{unit}.toml"
    faults = [
        Fault(f"sql/facts/{table}.sql", f"does not make {name}", why=f"{schema} declares it there")
        for table, own in declared.items()
        for name in own
        if name not in made.get(table, ())
    ]
    faults += [
        Fault(
            f"sql/facts/{table}.sql",
            f"makes {name}, which is not declared and which no other file reads",
            remedy=f"declare it in {schema} with this table, or drop it",
        )
        for table, names in made.items()
        for name in names
        if name != unit and name not in declared.get(table, ()) and not _is_read_elsewhere(table, name)
    ]
    faults += [Fault(f"sql/facts/{table}.sql", f"has no column {unit}") for table, names in made.items() if unit not in names]
    if faults:
        raise PromiseBroken("The fact tables are not what was declared.", faults)


def _is_read_elsewhere(table: str, column: str) -> bool:
    """Whether a working column serves another topic: its file names both the table and the column."""
    texts = (path.read_text(encoding="utf-8") for path in layer_files("facts") if path.stem != table)
    return any(re.search(rf"\bfacts\.{table}\b", text) and re.search(rf"\b{column}\b", text) for text in texts)


def _made(connection: duckdb.DuckDBPyConnection, unit: Unit) -> dict[str, list[str]]:
    files = {path.stem for path in layer_files("facts", f"{unit}_")}
    rows = connection.execute(
        "select table_name, column_name from duckdb_columns() where schema_name = 'facts' order by table_name, column_index"
    ).fetchall()
    made: dict[str, list[str]] = {}
    for table, column in rows:
        if table in files:
            made.setdefault(table, []).append(column)
    return made


def build_wide(connection: duckdb.DuckDBPyConnection, unit: Unit) -> None:
    """Make `facts.<unit>_wide` in the order of its key.

    A join of a hundred columns copies each of them once for every topic joined. Here a topic's rows are found by two columns of
    keys, and every column is copied once: a fifth of the work. The database casts and stores; Arrow takes.

    Raises:
        PromiseBroken: the topic tables are not as declared, or one of them has two rows for a subject.
    """
    check_topics(connection, unit)
    _make_empty(connection, unit)
    doubled: Counter[str] = Counter()
    for bounds in key_slices(connection, f"core.{unit}", unit, SUBJECTS_AT_ONCE):
        wide = _slice(connection, unit, bounds, doubled).combine_chunks()
        # a batch is the share of one thread, so one of all rows would keep the others idle
        shares = pa.Table.from_batches(wide.to_batches(max_chunksize=_ROW_GROUP), wide.schema)
        connection.register("wide_slice", shares)
        connection.execute(f"insert into facts.{unit}_wide by name from wide_slice")
        connection.unregister("wide_slice")
    refuse_doubled(unit, +doubled)


def _make_empty(connection: duckdb.DuckDBPyConnection, unit: Unit) -> None:
    placed = ", ".join(PLACED[unit])
    declared = ", ".join(f"cast(null as {fact.sql_type}) as {identifier(name)}" for name, fact in facts(unit).items())
    connection.execute(f"create or replace table facts.{unit}_wide as select {placed}, {declared} from core.{unit} limit 0")


def _slice(connection: duckdb.DuckDBPyConnection, unit: Unit, bounds: tuple[int, int], doubled: Counter[str]) -> pa.Table:
    """The wide rows of the subjects whose key lies within bounds; counts rows of a topic beyond the first of a subject."""
    within = f"where {unit} between {bounds[0]} and {bounds[1]}"
    wide = connection.execute(f"select {', '.join(PLACED[unit])} from core.{unit} {within} order by {unit}").to_arrow_table()
    subjects = wide.column(unit).to_numpy()
    with ThreadPoolExecutor(max_workers=1) as beside:  # takes while the database reads the next topic
        taking = []
        for table, own in topics(unit).items():
            rows = connection.execute(f"{_topic(unit, table, own)} {within} union all {_nobody(own)}").to_arrow_table()
            keys, order = _rising(rows.column(0).to_numpy())
            doubled[table] += int(np.count_nonzero(keys[1:] == keys[:-1]))
            taking.append(beside.submit(_taken, subjects, keys, order, rows.remove_column(0)))
        for taken in taking:
            for name, column in taken.result().items():
                wide = wide.append_column(name, column)
    return wide


def _topic(unit: Unit, table: str, own: list[Fact]) -> str:
    columns = ", ".join(f"cast({identifier(fact.name)} as {fact.sql_type}) as {identifier(fact.name)}" for fact in own)
    return f"select {unit}, {columns} from facts.{table}"


def _nobody(own: list[Fact]) -> str:
    """A row more of a topic: what a subject has that no other row of it speaks of."""
    return f"select {_NOBODY}, {', '.join(f'cast({literal(fact.no_record)} as {fact.sql_type})' for fact in own)}"


def _rising(keys: Keys) -> tuple[Keys, Keys | None]:
    """The keys in order, and where each of them stood; None for rows that are stored in order, as all of a large topic are.

    The database would carry every column of the topic through its sort; here only keys are sorted.
    """
    if not np.any(keys[1:] < keys[:-1]):
        return keys, None
    order = np.argsort(keys, kind="stable")
    return keys[order], order


def _taken(subjects: Keys, keys: Keys, order: Keys | None, rows: pa.Table) -> dict[str, pa.ChunkedArray]:
    """A topic's facts for every subject.

    Args:
        subjects: keys, rising.
        keys: the keys of the topic's rows, rising; the last is that of nobody.
        order: where the row of each key stands; None when there.
        rows: the topic's facts.
    """
    at = np.searchsorted(keys, subjects)
    at[keys[at] != subjects] = len(keys) - 1
    places = pa.array(at if order is None else order[at])
    every = rows.combine_chunks()
    return {name: every.column(name).take(places) for name in every.column_names}


def needs_slices(connection: duckdb.DuckDBPyConnection, unit: Unit) -> bool:
    """Whether the subjects are too many for one statement.

    Then every slice reads its key range of every topic, and topics must lie in the order of their key: the database passes over
    row groups outside the range, so that all slices together read a topic once instead of each reading it whole.
    """
    rows = connection.execute(f"select count(*) > {SUBJECTS_AT_ONCE} from core.{unit}").fetchall()
    return bool(rows[0][0])


def refuse_doubled(unit: Unit, doubled: Mapping[str, int]) -> None:
    """Doubled rows of a topic would give a subject two truths.

    Args:
        unit: person or household.
        doubled: topic -> subjects with more than one row.

    Raises:
        PromiseBroken: there is any.
    """
    if doubled:
        faults = [
            Fault(f"facts.{table}", f"{rows} subjects have more than one row", allowed="one row per subject")
            for table, rows in doubled.items()
        ]
        raise PromiseBroken(f"facts.{unit}_wide cannot be made: a topic has two rows for a subject.", faults)
