"""What stands in the analyst file: history tables that grow by the runs they lack, and tables of the newest run made anew.

A history table stands three times: as it is (`hit`: of every night, its newest run), as the view `latest_hit` (the newest
night), and as the view `first_said.hit` (of every night, its first run; of nights run again that lies in `replaced.hit`).
"""

from __future__ import annotations

import hmac
import json
from datetime import date
from pathlib import Path

import duckdb

from monitor.contracts import OutputTable, outputs
from monitor.dictionary import promised_columns
from monitor.privacy import token
from monitor.publish.comments import comment
from monitor.publish.sources import name_newest, name_runs
from monitor.store import identifier, literal, literals
from monitor.transform import SQL, tables_read

# a macro of the file; it says by which contracts, SQL and key the file was made
_MADE_BY = "made_by"
FIRST_SAID, REPLACED = "first_said", "replaced"


def made_by(key: bytes) -> str:
    """What a file depends on beside its runs: the contracts, the SQL and, unreadably, the key of the tokens."""
    texts = [_sql(table) for table in _tables("runs")]
    promises = [
        [table.name, table.zh, table.en, [c.model_dump() for c in promised_columns(table)]] for table in _tables("runs")
    ]
    return hmac.digest(key, json.dumps([token(key, ""), texts, promises]).encode(), "sha256").hex()


def held_runs(connection: duckdb.DuckDBPyConnection, made: str, schema: str = "main") -> dict[date, str] | None:
    """The runs that a file holds, as-of date -> run id; None when it was made otherwise and is of no use.

    Args:
        connection: the file.
        made: `made_by` of today.
        schema: `main` for the newest run of each night, `replaced` for the first ones of nights run again.
    """
    found = connection.execute(f"select 1 from duckdb_functions() where function_name = '{_MADE_BY}'").fetchone()
    if not found or connection.execute(f"select {_MADE_BY}()").fetchall() != [(made,)]:
        return None
    return dict(connection.execute(f"select as_of, run_id from {schema}.run").fetchall())


def make_tables(connection: duckdb.DuckDBPyConnection, made: str) -> None:
    """Make every history table, empty, with its views and what all of them mean."""
    connection.execute(f"create macro {_MADE_BY}() as {literal(made)}")
    connection.execute(f"create schema {FIRST_SAID}")
    connection.execute(f"create schema {REPLACED}")
    history = _tables("runs", history=True)
    for table in history:
        columns = ", ".join(f"{identifier(c.name)} {c.type}" for c in table.columns)
        for schema in ("main", REPLACED):
            connection.execute(f"create table {schema}.{identifier(table.name)} ({columns})")
        comment(connection, "table", table.name, table)
        comment(connection, "table", f"{REPLACED}.{table.name}", table)
    for table in history:
        own, latest = identifier(table.name), f"latest_{table.name}"
        connection.execute(
            f"create view {identifier(latest)} as select * from {own} where as_of = (select max(as_of) from run)"
        )
        connection.execute(
            f"create view {FIRST_SAID}.{own} as "
            f"select * from main.{own} where as_of not in (select as_of from {REPLACED}.run) "
            f"union all select * from {REPLACED}.{own}"
        )
        comment(connection, "view", latest, table)
        comment(connection, "view", f"{FIRST_SAID}.{table.name}", table)


def replace_runs(connection: duckdb.DuckDBPyConnection, gone: list[date], runs: list[Path], schema: str = "main") -> None:
    """Drop the rows of runs that are no more or were run again, then add those of `runs`, oldest first."""
    name_runs(connection, runs)
    for table in _tables("runs", history=True):
        target = f"{schema}.{identifier(table.name)}"
        if gone:
            connection.execute(f"delete from {target} where as_of in {literals(list(gone))}")
        if runs and _is_there(connection, table):
            connection.execute(f"insert into {target} {_select(table)}")


def replace_newest(connection: duckdb.DuckDBPyConnection, newest: Path) -> None:
    """Make the tables of the newest run anew; what they took before is free for them first, so the file does not grow."""
    name_newest(connection, newest)
    for table in _tables("runs", history=False):
        connection.execute(f"drop table if exists {identifier(table.name)}")
    connection.execute("checkpoint")
    for table in _tables("runs", history=False):
        select = _select(table) if _is_there(connection, table) else _none(table)
        connection.execute(f"create table {identifier(table.name)} as {select}")
        comment(connection, "table", table.name, table)


def _tables(made: str, history: bool | None = None) -> list[OutputTable]:
    """The promised tables made of runs, of words or as views; those of history say of which run a row is."""
    found = [table for table in outputs("analyst").values() if table.made == made]
    return [table for table in found if history is None or history == (table.columns[0].name == "as_of")]


def _select(table: OutputTable) -> str:
    columns = promised_columns(table)
    promised = ", ".join(f"cast({identifier(c.name)} as {c.type}) as {identifier(c.name)}" for c in columns)
    return f"select {promised} from ({_sql(table)})"


def _sql(table: OutputTable) -> str:
    return (SQL / "publish" / f"{table.name}.sql").read_text(encoding="utf-8")


def _is_there(connection: duckdb.DuckDBPyConnection, table: OutputTable) -> bool:
    """Whether any of the runs has what the table is made of; runs of older software lack tables that came later."""
    named = {name for schema, name in tables_read(connection, _sql(table)) if schema == "temp"}
    there = connection.execute("select view_name from duckdb_views() where temporary and not internal").fetchall()
    return named <= {name for (name,) in there}


def _none(table: OutputTable) -> str:
    """The table, without a row."""
    columns = ", ".join(f"cast(null as {c.type}) as {identifier(c.name)}" for c in promised_columns(table))
    return f"select {columns} limit 0"
