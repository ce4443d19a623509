"""Build `published/warehouse.duckdb` anew from the run folders and swap it in whole.

The file is made beside the old one, closed, put on disk and renamed: whoever has the old one open keeps reading it, whoever
opens it next reads the new one. It can be deleted at any time; the runs are the truth.
"""

from __future__ import annotations

import shutil
import uuid
from contextlib import suppress
from pathlib import Path

import duckdb

from monitor.contracts import OutputColumn, OutputTable, facts, outputs
from monitor.errors import Fault, UsageError
from monitor.privacy import make_token_macro, token_key
from monitor.run import Home, read_manifest
from monitor.settings import Settings
from monitor.store import SCHEMAS, connect, identifier, literal, literals, make_durable
from monitor.transform import SQL

WAREHOUSE = "warehouse.duckdb"

# the newest run names everybody in four tables: each token is made once; temporary, so no ID reaches the file
_NEWEST_TOKEN = """
create temp table newest_token as
select subject, token(subject) as token
from (
    select subject from read_parquet(getvariable('newest_person'))
    union all
    select subject from read_parquet(getvariable('newest_household'))
)
"""


def publish(home: Home, settings: Settings) -> Path:
    """Build the analyst file from all runs of a home and swap it in.

    Args:
        home: whose runs and key of tokens are used.
        settings: threads and memory; the build streams and spills into the restricted zone.

    Returns:
        the path of the file.

    Raises:
        UsageError: there is no run yet.
    """
    runs = home.run_folders()
    if not runs:
        fault = Fault(str(home.runs), "no run yet", remedy="run a night first")
        raise UsageError("There is nothing to publish.", [fault])
    home.make()
    mark = uuid.uuid4().hex
    beside, spill = home.published / f".{WAREHOUSE}.{mark}", home.runs / f".publishing-{mark}"
    try:
        with connect(beside, settings, spill=spill) as connection:
            _build(connection, runs, token_key(home.keys))
        make_durable(beside)
        target = home.published / WAREHOUSE
        beside.replace(target)
        make_durable(home.published)
    finally:
        shutil.rmtree(spill, ignore_errors=True)
        for left in (beside, beside.with_name(beside.name + ".wal")):
            with suppress(FileNotFoundError):
                left.unlink()
    return target


def is_current(home: Home, settings: Settings) -> bool:
    """Whether the analyst file holds the newest run as it is now; true when there is no run."""
    runs, path = home.run_folders(), home.published / WAREHOUSE
    if not runs:
        return True
    if not path.is_file():
        return False
    newest = read_manifest(runs[-1])
    with connect(path, settings, read_only=True) as connection:
        held = connection.execute("select run_id from run where as_of = ?", [newest["as_of"]]).fetchone()
    return held is not None and held[0] == newest["run_id"]


def _build(connection: duckdb.DuckDBPyConnection, runs: list[Path], key: bytes) -> None:
    for schema in SCHEMAS:
        connection.execute(f"drop schema {schema}")  # those of a working database; this one has a single flat schema
    make_token_macro(connection, key)
    _name_sources(connection, runs)
    connection.execute(_NEWEST_TOKEN)
    for table in outputs("analyst").values():
        columns = _columns(table)
        promised = ", ".join(f"cast({identifier(c.name)} as {c.type}) as {identifier(c.name)}" for c in columns)
        text = (SQL / "publish" / f"{table.name}.sql").read_text(encoding="utf-8")
        connection.execute(f"create table {identifier(table.name)} as select {promised} from ({text})")
        _comment(connection, "table", table.name, table, columns)
    for table in outputs("analyst").values():
        if table.columns[0].name == "as_of":
            view = f"latest_{table.name}"
            connection.execute(
                f"create view {identifier(view)} as select * from {identifier(table.name)} "
                "where as_of = (select max(as_of) from run)"
            )
            _comment(connection, "view", view, table, table.columns)
    connection.execute("checkpoint")


def _name_sources(connection: duckdb.DuckDBPyConnection, runs: list[Path]) -> None:
    """Variables `<table>` (its file in every run, oldest first) and `newest_<table>`; temporary table `manifests`."""
    for name in outputs("restricted"):
        paths = [str(run / f"{name}.parquet") for run in runs]
        connection.execute(f"set variable {name} = {literals(paths)}")
        connection.execute(f"set variable newest_{name} = {literal(paths[-1])}")
    connection.execute("create temp table manifests(as_of date, run_id varchar, software varchar, previous varchar)")
    for run in runs:
        manifest = read_manifest(run)
        values = [manifest.get(name) for name in ("as_of", "run_id", "software", "previous")]
        connection.execute("insert into manifests values (?, ?, ?, ?)", values)


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
