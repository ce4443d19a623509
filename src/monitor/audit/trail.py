"""The file `<home>/audit/trail.jsonl`: one record a line, appended under a lock, on disk before anything else happens.

A line without its line end was being written when its process died. The next record takes it away and tells so in a record of
its own (`repaired`). If the head says that the line, or lines before it, had been whole, that is no crash: the next record
tells it (`gap_found`), and `verify` reports it for ever.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.audit.actions import Action
from monitor.audit.anchor import Head, audit_key, read_head, write_head
from monitor.audit.entry import Entry, read_entry, told
from monitor.audit.witness import moment, user
from monitor.durable import make_durable

FOLDER, TRAIL = "audit", "trail.jsonl"
_BLOCK = 1 << 16


@dataclass(frozen=True)
class _End:
    """How a trail ends: bytes up to the last line end, the last whole record, and what was cut off after it."""

    whole_bytes: int
    last: Entry | None
    torn: bytes


def record(home: Path, action: Action | str, *, role: str = "", **what: Any) -> Head:
    """Append one record and put it on disk.

    Args:
        home: the home folder.
        action: what is done.
        role: what the user acts as, where that is known.
        what: objects and counts: text, whole numbers, days, paths, or lists of these; `None` is left out. Never a name; IDs
            and phones are struck out.

    Returns:
        number and seal of the record.

    Raises:
        ValueError: there is no such action.
        OSError: the record cannot be put on disk; what was to be done must not be done.
    """
    action, what = Action(action), told(home, what)
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with held(folder), _opened(folder / TRAIL) as file:
        key = audit_key(home)
        end = _end_of(file)
        os.ftruncate(file, end.whole_bytes)
        before = Head(end.last.number, end.last.seal) if end.last else Head(0, "")
        for one, its_role, its_what in [*_remarks(end, before, read_head(folder, key)), (action, role, what)]:
            entry = Entry(before.number + 1, moment(), user(), its_role, one.value, its_what, before.seal).sealed(key)
            _write(file, entry.line())
            before = Head(entry.number, entry.seal)
            write_head(folder, key, before)  # after each one: a crash never leaves it more than one behind
    return before


def record_failed(home: Path, error: BaseException) -> None:
    """Record that a run ended in an error, of which the kind is told; a disk that is full must not hide what went wrong."""
    with suppress(OSError):
        record(home, Action.RUN_FAILED, error=type(error).__name__)


def read_trail(home: Path) -> list[Entry]:
    """The records that can be read, oldest first; whether they are genuine says `verify`."""
    path = home / FOLDER / TRAIL
    lines = path.read_bytes().split(b"\n")[:-1] if path.is_file() else []
    return [entry for line in lines if (entry := read_entry(line))]


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder of the trail; whoever else wants it waits. The lock goes with the process, however it ends."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    try:
        if is_new:
            make_durable(path.parent)
        yield handle
    finally:
        os.close(handle)


def _end_of(file: int) -> _End:
    """Read backwards until the last whole line is in sight: a long trail costs no more than a short one."""
    size = os.fstat(file).st_size
    start, content = size, b""
    while start > 0 and content.count(b"\n") < 2:
        step = min(_BLOCK, start)
        start -= step
        content = os.pread(file, step, start) + content
    whole, line_end, torn = content.rpartition(b"\n")
    last = whole.rpartition(b"\n")[2]
    return _End(size - len(torn), read_entry(last) if line_end else None, torn)


def _remarks(end: _End, before: Head, head: Head | None) -> Iterator[tuple[Action, str, dict[str, Any]]]:
    """What the trail has to say of itself before it goes on. After a crash the head is one record behind, never ahead."""
    if end.torn:
        yield Action.REPAIRED, "", {"bytes": len(end.torn), "sha256": hashlib.sha256(end.torn).hexdigest()}
    is_expected = head == before if head and head.number == before.number else (head.number if head else 0) == before.number - 1
    if not is_expected and (head or before.number or end.whole_bytes):
        yield Action.GAP_FOUND, "", {"expected": head.number if head else 0, "found": before.number}


def _write(file: int, content: bytes) -> None:
    while content:
        content = content[os.write(file, content) :]
    os.fsync(file)
