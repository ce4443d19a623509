"""What a night notes of itself between its steps, so that one that was killed goes on after its last finished step.

A step counts as finished when its note is on disk, and the note is written after everything that it tells of: the working
database closed and the files of the run folder, forced to disk. A night is taken up again only by the same code, for the same
fingerprint, with every table and file that was noted; what a step that died left half-done is removed first. On any doubt the
night starts over: that costs time, never a result.
"""

from __future__ import annotations

import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec

import duckdb

from monitor.durable import make_durable, make_tree_durable, remove, write_whole
from monitor.encryption import key_of
from monitor.privacy import token_key
from monitor.run import Night
from monitor.settings import Settings
from monitor.store import identifier

Figures = dict[str, Any]
Report = Callable[[str, int, int], None]
P = ParamSpec("P")
Verb = Callable[Concatenate[Settings, date, P], Figures]
_NOTES, _DATABASE = "notes.json", "work.duckdb"
# what only the next start needs to know
_OWN = ("mark", "finished", "skipped", "files", "tables", "database_bytes")
_TABLES = """
    select schema_name, table_name, estimated_size, true as is_table from duckdb_tables() where not internal and not temporary
    union all
    select schema_name, view_name, 0, false from duckdb_views() where not internal and not temporary
    order by all
"""


def silent(what: str, done: int, total: int) -> None:
    """A report that nobody reads."""


def once(verb: Verb[P]) -> Verb[P]:
    """A step that a killed night had finished is not done again by the start that takes the night up.

    Should a later step fail on what was taken up, the next start starts over; tried again in the same start, the step goes on.
    """

    @wraps(verb)
    def step(settings: Settings, as_of: date, /, *others: P.args, **named: P.kwargs) -> Figures:
        night = Night(settings, as_of)
        skipped = read_notes(night).get("skipped", [])
        if verb.__name__ in skipped:
            return {"already": True}
        try:
            return verb(settings, as_of, *others, **named)
        except Exception:
            if skipped:
                write_whole(night.work / _NOTES, json.dumps(read_notes(night) | {"mark": None}, ensure_ascii=False))
            raise

    return step


@contextmanager
def noted(night: Night, step: str, since: float | None = None) -> Iterator[Figures]:
    """Note what a step tells of itself, how long it took and what it left; a step that fails notes nothing.

    Args:
        night: in the making.
        step: its name.
        since: `perf_counter` when it began, if that was before now.
    """
    notes, started = read_notes(night), since or time.perf_counter()
    yield notes
    for path in (path for path in night.building.iterdir() if path != night.work):
        make_tree_durable(path) if path.is_dir() else make_durable(path)
    if (night.work / _DATABASE).is_file():
        make_durable(night.work / _DATABASE)
    make_durable(night.building)
    notes["seconds"][step] = round(time.perf_counter() - started, 3)
    notes |= {"finished": [*notes.get("finished", []), step], "files": _files(night), "tables": _tables(night)}
    notes["database_bytes"] = _database_bytes(night)
    write_whole(night.work / _NOTES, json.dumps(notes, ensure_ascii=False))


def read_notes(night: Night) -> Figures:
    """What has been noted so far: seconds by step, notices, inputs, and figures for the manifest."""
    path = night.work / _NOTES
    if not path.is_file():
        return {"seconds": {}, "notices": [], "inputs": []}
    notes: Figures = json.loads(path.read_text(encoding="utf-8"))
    return notes


def notes_for_manifest(night: Night) -> Figures:
    """The notes without what only the next start needs to know."""
    return {name: value for name, value in read_notes(night).items() if name not in _OWN}


def mark_of(night: Night, fingerprint: str, ignored: list[Figures]) -> str:
    """All that the files of a night in the making depend on; what a finished run depends on, code too, is its fingerprint."""
    depends = [fingerprint, duckdb.__version__, night.settings.engine, ignored]
    return hmac.digest(token_key(night.home.keys, key_of(night.settings)), json.dumps(depends).encode(), "sha256").hex()


def has_finished(night: Night, fingerprint: str, ignored: list[Figures]) -> bool:
    """Whether a night that died finished a step from which this one may go on; a home without nights is given no key for it."""
    try:
        finished = read_notes(night).get("finished", [])
    except ValueError:
        return False
    return set(finished) > {"begin"} and bool(_notes_of(night, mark_of(night, fingerprint, ignored)))


def take_up(night: Night, mark: str) -> list[str]:
    """Leave of a night that died what its finished steps made, and nothing else.

    Returns:
        the finished steps; none when there is nothing to go on from, or any doubt.
    """
    notes = _notes_of(night, mark)
    if not notes:
        return []
    files: dict[str, int] = notes["files"]
    for path in _paths(night):
        if path.relative_to(night.building).as_posix() not in files:
            remove(path)
    if _files(night) != files or _database_bytes(night) < notes["database_bytes"]:
        return []
    try:
        if not _tables_as_noted(night, notes["tables"]):
            return []
    except duckdb.Error:
        return []
    write_whole(night.work / _NOTES, json.dumps(notes | {"skipped": notes["finished"]}, ensure_ascii=False))
    return list(notes["finished"])


def start_over(night: Night, keep: str) -> None:
    """Empty the folder of a night, but for one file of its work."""
    for path in (*night.building.iterdir(), *night.work.iterdir()):
        if path != night.work and path.name != keep:
            remove(path)


def _notes_of(night: Night, mark: str) -> Figures:
    """The notes of a night that died, if it was the same night; else none."""
    try:
        notes = read_notes(night)
    except ValueError:
        return {}
    return notes if notes.get("mark") == mark and night.settings.engine == "duckdb" else {}


def _tables_as_noted(night: Night, noted_tables: list[list[Any]]) -> bool:
    """Drop the tables of the step that died; whether the others are those that were noted.

    The log of the database goes first: the file itself is as it was when a step ended or wrote a checkpoint.
    """
    remove(night.work / f"{_DATABASE}.wal")
    if not (night.work / _DATABASE).is_file():
        return not noted_tables
    names = {(schema, name) for schema, name, _, _ in noted_tables}
    with night.connect() as connection:
        for schema, name, _, is_table in connection.execute(_TABLES).fetchall():
            if (schema, name) not in names:
                kind = "table" if is_table else "view"
                connection.execute(f"drop {kind} {identifier(schema)}.{identifier(name)}")
    return _tables(night) == noted_tables


def _tables(night: Night) -> list[list[Any]]:
    """Schema, name, rows and whether it is a table, of every table and view of the working database."""
    if not (night.work / _DATABASE).is_file():
        return []
    with night.connect() as connection:
        return [list(row) for row in connection.execute(_TABLES).fetchall()]


def _database_bytes(night: Night) -> int:
    """A step that died can only have made the file longer."""
    path = night.work / _DATABASE
    return path.stat().st_size if path.is_file() else 0


def _files(night: Night) -> dict[str, int]:
    """The bytes of every file of the run folder in the making."""
    return {path.relative_to(night.building).as_posix(): path.stat().st_size for path in _paths(night)}


def _paths(night: Night) -> list[Path]:
    return sorted(p for p in night.building.rglob("*") if p.is_file() and night.work not in p.parents)
