"""Bring `published/warehouse.duckdb` up to the run folders and swap it in whole.

The new file is made beside the old one, as its copy plus the runs that it lacks, closed, put on disk and renamed: whoever has
the old one open keeps reading it, whoever opens it next reads the new one. It can be deleted at any time: the runs are the
truth, and a file that is missing, damaged or made otherwise is made from all of them, with the same content.
"""

from __future__ import annotations

import shutil
import uuid
from contextlib import suppress
from datetime import date
from pathlib import Path

import duckdb

from monitor.dictionary import dated_facts
from monitor.durable import make_durable
from monitor.encryption import key_of
from monitor.errors import Fault, UsageError
from monitor.privacy import make_month_macro, make_token_macro, token_key
from monitor.publish.content import held_runs, made_by, make_tables, replace_newest, replace_runs
from monitor.publish.reference import describe, is_described
from monitor.run import MANIFEST, Home, run_id_of
from monitor.settings import Settings
from monitor.store import SCHEMAS, connect

WAREHOUSE = "warehouse.duckdb"


def publish(home: Home, settings: Settings) -> Path:
    """Make the analyst file hold the runs of a home, and swap it in.

    Args:
        home: whose runs and key of tokens are used.
        settings: threads and memory; the build streams and spills into the restricted zone.

    Returns:
        the path of the file.

    Raises:
        UsageError: there is no run yet.
    """
    target = _target(home)
    if _is_of_use(home, settings):
        with suppress(duckdb.Error):  # damaged inside: all runs are read again
            return _swap_in(home, settings, target)
    return _swap_in(home, settings, None)


def rebuild(home: Home, settings: Settings) -> Path:
    """Make the analyst file from all runs, whatever the old one is like, and swap it in; for the rest as `publish`."""
    _target(home)
    return _swap_in(home, settings, None)


def _target(home: Home) -> Path:
    """Where the file lies.

    Raises:
        UsageError: there is no run to make it of.
    """
    if not home.run_folders():
        fault = Fault(str(home.runs), "还没有任何一晚的结果", remedy="先运行 monitor run 或 monitor demo")
        raise UsageError("没有可以发布的结果。", [fault])
    home.make()
    return home.published / WAREHOUSE


def is_current(home: Home, settings: Settings) -> bool:
    """Whether the analyst file holds the runs as they are now, in today's words; true when there is no run."""
    runs = _runs(home, settings)
    if not runs:
        return True
    try:
        with connect(home.published / WAREHOUSE, settings, read_only=True, public=True) as connection:
            held = held_runs(connection, made_by(token_key(home.keys, key_of(settings))))
            return held == {day: run_id_of(run) for day, run in runs.items()} and is_described(connection)
    except duckdb.Error:
        return False


def published_bytes(home: Home) -> int:
    """The size of the analyst file; 0 when there is none."""
    path = home.published / WAREHOUSE
    return path.stat().st_size if path.is_file() else 0


def _runs(home: Home, settings: Settings) -> dict[date, Path]:
    """The runs that the file is to hold: all, or the newest and the last of every month (`analyst_nights`)."""
    runs = {date.fromisoformat(run.name): run for run in home.run_folders()}
    if settings.analyst_nights is None:
        return runs
    held = {*list(runs)[-settings.analyst_nights :], *{(day.year, day.month): day for day in runs}.values()}
    return {day: run for day, run in runs.items() if day in held}


def _is_of_use(home: Home, settings: Settings) -> bool:
    """Whether there is a file whose history can be brought up to the runs."""
    try:
        with connect(home.published / WAREHOUSE, settings, read_only=True, public=True) as connection:
            return held_runs(connection, made_by(token_key(home.keys, key_of(settings)))) is not None
    except duckdb.Error:
        return False


def _swap_in(home: Home, settings: Settings, before: Path | None) -> Path:
    """Build beside the file, on a copy of the one before or from nothing, and rename."""
    mark = uuid.uuid4().hex
    target, spill = home.published / WAREHOUSE, home.runs / f".publishing-{mark}"
    beside = home.published / f".{WAREHOUSE}.{mark}"
    try:
        if before:
            shutil.copyfile(before, beside)
        with connect(beside, settings, spill=spill, public=True) as connection:
            # DuckDB 1.3 and older cannot read a table whose metadata 1.5 has used again
            connection.execute("set experimental_metadata_reuse = false")
            for schema in SCHEMAS:
                connection.execute(f"drop schema {schema}")  # those of a working database; this one has a single flat schema
            _bring_up(connection, home, settings, spill)
        beside.chmod(0o640)  # what analysts may open, whatever else the night writes
        make_durable(beside)
        beside.replace(target)
        make_durable(home.published)
    finally:
        shutil.rmtree(spill, ignore_errors=True)
        for left in (beside, beside.with_name(beside.name + ".wal")):
            with suppress(FileNotFoundError):
                left.unlink()
    return target


def _bring_up(connection: duckdb.DuckDBPyConnection, home: Home, settings: Settings, aside: Path) -> None:
    key = token_key(home.keys, key_of(settings))
    make_token_macro(connection, key)
    make_month_macro(connection, dated_facts())
    made, runs = made_by(key), _runs(home, settings)
    if held_runs(connection, made) is None:
        make_tables(connection, made)
    _take_in(connection, made, runs)
    first = _first_runs(home, aside / "first")
    _take_in(connection, made, {day: run for day, run in first.items() if day in runs}, "replaced")
    replace_newest(connection, runs[max(runs)])
    if not is_described(connection):
        describe(connection)
    connection.execute("checkpoint")


def _take_in(connection: duckdb.DuckDBPyConnection, made: str, runs: dict[date, Path], schema: str = "main") -> None:
    """Bring the history of a schema up to these runs."""
    held = held_runs(connection, made, schema) or {}
    fresh = [day for day, run in runs.items() if held.get(day) != run_id_of(run)]
    gone = sorted(held.keys() - runs.keys() | held.keys() & set(fresh))
    replace_runs(connection, gone, [runs[day] for day in fresh], schema)


def _first_runs(home: Home, folder: Path) -> dict[date, Path]:
    """The first run of every night that was run again, by links that are named as runs are: by their dates."""
    folder.mkdir(parents=True)
    for run in sorted(home.replaced.glob("????-??-??.1")):
        if (run / MANIFEST).is_file():
            (folder / run.stem).symlink_to(run)
    return {date.fromisoformat(link.name): link for link in sorted(folder.iterdir())}
