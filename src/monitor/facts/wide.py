"""One wide row per person and household: the topic tables side by side, every declared fact once, in its declared type."""

from __future__ import annotations

import re
from typing import Final

import duckdb

from monitor.contracts import Fact, facts
from monitor.contracts.facts import Unit
from monitor.errors import Fault, PromiseBroken
from monitor.store import identifier, literal
from monitor.transform import layer_files

# subjects joined to all topics in one statement: bounds the memory of thirty hash tables; sixteen row groups of DuckDB
SUBJECTS_AT_ONCE: Final = 16 * 122_880

# topics left-joined at a time: a left join splits each batch of rows into those with and those without a match, so that thirty
# in a row end in batches of a few rows; six at a time, and their results, which hold every subject, joined to each other: half
TOPICS_AT_ONCE: Final = 6

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

    Raises:
        PromiseBroken: the topic tables are not as declared, or one of them has two rows for a subject.
    """
    check_topics(connection, unit)
    slices = _slices(connection, unit)
    # made in the order of the key, so that writing it out sorted needs no second sort
    for number, bounds in enumerate(slices or [None]):
        verb = f"insert into facts.{unit}_wide" if number else f"create or replace table facts.{unit}_wide as"
        connection.execute(f"{verb} {_select(unit, bounds if len(slices) > 1 else None)} order by subject.{unit}")
    _check_one_row(connection, unit)


def _select(unit: Unit, bounds: tuple[int, int] | None) -> str:
    within = f" where {unit} between {bounds[0]} and {bounds[1]}" if bounds else ""
    declared = list(topics(unit).items())
    parts = [dict(declared[start : start + TOPICS_AT_ONCE]) for start in range(0, len(declared), TOPICS_AT_ONCE)]
    place = {fact.name: f"part_{number}" for number, part in enumerate(parts) for own in part.values() for fact in own}
    columns = [f"subject.{name}" for name in PLACED[unit]]
    columns += [f"{place[name]}.{identifier(name)}" for name in facts(unit)]
    joins = [
        f"join ({_part(unit, part, within)}) as part_{number} on part_{number}.{unit} = subject.{unit}"
        for number, part in enumerate(parts)
    ]
    return f"select {', '.join(columns)} from (from core.{unit}{within}) as subject {' '.join(joins)}"


def _part(unit: Unit, part: dict[str, list[Fact]], within: str) -> str:
    """The facts of some topics for every subject."""
    columns = [f"subject.{unit}", *(_column(unit, fact) for own in part.values() for fact in own)]
    joins = [f"left join (from facts.{table}{within}) as {table} on {table}.{unit} = subject.{unit}" for table in part]
    return f"select {', '.join(columns)} from (from core.{unit}{within}) as subject {' '.join(joins)}"


def _column(unit: Unit, fact: Fact) -> str:
    value = f"{fact.table}.{identifier(fact.name)}"
    if fact.no_record is not None:
        value = f"case when {fact.table}.{unit} is null then {literal(fact.no_record)} else {value} end"
    return f"cast({value} as {fact.sql_type}) as {identifier(fact.name)}"


def _slices(connection: duckdb.DuckDBPyConnection, unit: Unit) -> list[tuple[int, int]]:
    """Key ranges that cover all subjects, of equally many subjects each."""
    rows = connection.execute(
        f"select min({unit}), max({unit}) from (select {unit}, (row_number() over (order by {unit}) - 1) // {SUBJECTS_AT_ONCE} "
        f"as slice from core.{unit}) group by slice order by slice"
    ).fetchall()
    return [(low, high) for low, high in rows]


def _check_one_row(connection: duckdb.DuckDBPyConnection, unit: Unit) -> None:
    rows = connection.execute(f"select (select count(*) from facts.{unit}_wide), (select count(*) from core.{unit})").fetchall()
    if rows[0][0] == rows[0][1]:
        return
    faults = []
    for table in topics(unit):
        doubled = connection.execute(
            f"select count(*) from (select {unit} from facts.{table} group by {unit} having count(*) > 1)"
        ).fetchall()[0][0]
        if doubled:
            faults.append(Fault(f"facts.{table}", f"{doubled} subjects have more than one row", allowed="one row per subject"))
    raise PromiseBroken(f"facts.{unit}_wide has {rows[0][0]} rows for {rows[0][1]} subjects.", faults)
