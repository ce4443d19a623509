"""The tables of the file that are made of contracts and words alone, and the views over all tables."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

import duckdb

import monitor
from monitor.contracts import outputs
from monitor.contracts.reading import schemas_folder
from monitor.dictionary import REFERENCE
from monitor.publish.comments import comment
from monitor.publish.sources import fill
from monitor.store import identifier, literal
from monitor.transform import SQL

# a macro of the file; it says of which contracts, SQL and words its reference tables and views are made
_DESCRIBED_BY = "described_by"
_VIEWS = """
    select view_name from duckdb_views()
    where not internal and schema_name = 'main' and not starts_with(view_name, 'latest_')
"""


@cache
def described_by() -> str:
    """What the reference tables and views depend on: software, contracts, SQL, the words of the dictionary."""
    package = Path(monitor.__file__).parent
    digest = sha256(monitor.__version__.encode())
    for folder in (schemas_folder(), SQL, package / "dictionary", package / "parameters"):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in {".toml", ".sql", ".py"}):
            digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def is_described(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the reference tables and views of a file are those of today."""
    found = connection.execute(f"select 1 from duckdb_functions() where function_name = '{_DESCRIBED_BY}'").fetchone()
    return bool(found) and connection.execute(f"select {_DESCRIBED_BY}()").fetchall() == [(described_by(),)]


def describe(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the reference tables and the views anew."""
    tables = outputs("analyst").values()
    views = [table for table in tables if table.made == "view"]
    for (name,) in connection.execute(_VIEWS).fetchall():
        connection.execute(f"drop view {identifier(name)}")
    for table in (table for table in tables if table.made == "reference"):
        columns = ", ".join(f"cast({identifier(c.name)} as {c.type}) as {identifier(c.name)}" for c in table.columns)
        fill(connection, "words", [column.name for column in table.columns], list(REFERENCE[table.name]()))
        connection.execute(f"create or replace table {identifier(table.name)} as select {columns} from words")
        comment(connection, "table", table.name, table)
    for table in sorted(views, key=lambda view: view.name != "indicator"):  # lineage reads it
        text = (SQL / "publish" / f"{table.name}.sql").read_text(encoding="utf-8")
        names = ", ".join(identifier(column.name) for column in table.columns)
        connection.execute(f"create view {identifier(table.name)}({names}) as {text}")
        comment(connection, "view", table.name, table)
    connection.execute(f"create or replace macro {_DESCRIBED_BY}() as {literal(described_by())}")
