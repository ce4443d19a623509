"""What stands in the analyst file: history tables that grow by the runs they lack, and tables of the newest run made anew."""

from __future__ import annotations

import hmac
import json
from datetime import date
from pathlib import Path

import duckdb

from monitor.contracts import OutputColumn, OutputTable, facts, outputs
from monitor.privacy import token
from monitor.run import read_manifest
from monitor.store import identifier, literal, literals, stored, stored_runs
from monitor.transform import SQL, tables_read

# a macro of the file; it says by which contracts, SQL and key the file was made
_MADE_BY = "made_by"


def made_by(key: bytes) -> str:
    """What a file depends on beside its runs: the contracts, the SQL and, unreadably, the key of the tokens."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((SQL / "publish").glob("*.sql"))]
    promises = [[table.name, table.zh, table.en, [c.model_dump() for c in _columns(table)]] for table in _tables()]
    return hmac.digest(key, json.dumps([token(key, ""), texts, promises]).encode(), "sha256").hex()


def held_runs(connection: duckdb.DuckDBPyConnection, made: str) -> dict[date, str] | None:
    """The runs that a file holds, as-of date -> run id; None when it was made otherwise and is of no use."""
    found = connection.execute(f"select 1 from duckdb_functions() where function_name = '{_MADE_BY}'").fetchone()
    if not found or connection.execute(f"select {_MADE_BY}()").fetchall() != [(made,)]:
        return None
    return dict(connection.execute("select as_of, run_id from run").fetchall())


def make_tables(connection: duckdb.DuckDBPyConnection, made: str) -> None:
    """Make every history table, empty, with its view of the newest run and what both mean."""
    connection.execute(f"create macro {_MADE_BY}() as {literal(made)}")
    for table in _tables(history=True):
        columns = ", ".join(f"{identifier(c.name)} {c.type}" for c in table.columns)
        connection.execute(f"create table {identifier(table.name)} ({columns})")
        _comment(connection, "table", table.name, table, table.columns)
    for table in _tables(history=True):
        view = f"latest_{table.name}"
        connection.execute(
            f"create view {identifier(view)} as select * from {identifier(table.name)} "
            "where as_of = (select max(as_of) from run)"
        )
        _comment(connection, "view", view, table, table.columns)


def replace_runs(connection: duckdb.DuckDBPyConnection, gone: list[date], runs: list[Path]) -> None:
    """Drop the rows of runs that are no more or were run again, then add those of `runs`, oldest first."""
    _name_sources(connection, runs)
    for table in _tables(history=True):
        if gone:
            connection.execute(f"delete from {identifier(table.name)} where as_of in {literals(list(gone))}")
        if runs and _is_there(connection, table):
            connection.execute(f"insert into {identifier(table.name)} {_select(table)}")


def replace_newest(connection: duckdb.DuckDBPyConnection, newest: Path) -> None:
    """Make the tables of the newest run anew; what they took before is free for them first, so the file does not grow."""
    for name in outputs("restricted"):
        path = newest / f"{name}.parquet"
        connection.execute(f"drop view if exists temp.newest_{name}")
        if path.is_file():
            connection.execute(f"create temp view newest_{name} as from {stored(path)}")
    for table in _tables(history=False):
        connection.execute(f"drop table if exists {identifier(table.name)}")
    connection.execute("checkpoint")
    for table in _tables(history=False):
        select = _select(table) if _is_there(connection, table) else _none(table)
        connection.execute(f"create table {identifier(table.name)} as {select}")
        _comment(connection, "table", table.name, table, _columns(table))


def _tables(history: bool | None = None) -> list[OutputTable]:
    """The promised tables; those of history say of which run a row is."""
    return [t for t in outputs("analyst").values() if history is None or history == (t.columns[0].name == "as_of")]


def _select(table: OutputTable) -> str:
    promised = ", ".join(f"cast({identifier(c.name)} as {c.type}) as {identifier(c.name)}" for c in _columns(table))
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
    columns = ", ".join(f"cast(null as {c.type}) as {identifier(c.name)}" for c in _columns(table))
    return f"select {columns} limit 0"


def _name_sources(connection: duckdb.DuckDBPyConnection, runs: list[Path]) -> None:
    """Views `temp.runs_<table>`: its rows in those of these runs that have it, if any has; temporary table `manifests`."""
    for name in outputs("restricted"):
        paths = [run / f"{name}.parquet" for run in runs]
        there = [path for path in paths if path.is_file()]
        connection.execute(f"drop view if exists temp.runs_{name}")
        if there:
            connection.execute(f"create temp view runs_{name} as from {stored_runs(there)}")
    connection.execute("create temp table manifests(as_of date, run_id varchar, software varchar, previous varchar)")
    for run in runs:
        manifest = read_manifest(run)
        values = ", ".join(literal(manifest.get(name)) for name in ("as_of", "run_id", "software", "previous"))
        connection.execute(f"insert into manifests values ({values})")


def _columns(table: OutputTable) -> tuple[OutputColumn, ...]:
    """The columns that a table promises; those of a fact table are its key and the declared facts."""
    if table.name not in {"fact_person", "fact_household"}:
        return table.columns
    declared = facts("person" if table.name == "fact_person" else "household").values()
    return table.columns + tuple(
        OutputColumn(
            name=fact.name,
            type=fact.sql_type,
            zh=f"{fact.zh}（{fact.unit_zh}）" if fact.unit_zh else fact.zh,
            en=f"{fact.meaning}; needs {', '.join(fact.needs)}" if fact.needs else fact.meaning,
        )
        for fact in declared
    )


def _comment(
    connection: duckdb.DuckDBPyConnection, kind: str, name: str, table: OutputTable, columns: tuple[OutputColumn, ...]
) -> None:
    """Say what a table or view and each of its columns mean, in Chinese and, after a slash, in English."""
    latest = kind == "view"
    meaning = f"{table.zh}{'，仅最近一次运行' if latest else ''} / {table.en}{'; the newest run only' if latest else ''}"
    connection.execute(f"comment on {kind} {identifier(name)} is {literal(meaning)}")
    for column in columns:
        connection.execute(
            f"comment on column {identifier(name)}.{identifier(column.name)} is {literal(f'{column.zh} / {column.en}')}"
        )
