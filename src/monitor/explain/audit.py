"""Who looked at identity: one line in `<home>/audit/audit.jsonl` before anything is shown. The only reader of the clock."""

from __future__ import annotations

import json
import os
import pwd
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from monitor.store import make_durable


def note_reveal(home: Path, as_of: date, case_nos: Sequence[str], what: str) -> Path:
    """Append that identity is about to be shown, and put it on disk.

    Args:
        home: of the installation.
        as_of: the night that is shown.
        case_nos: the cases; never an ID or a name.
        what: which data are shown, in words.

    Returns:
        the audit trail.
    """
    folder = home / "audit"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "audit.jsonl"
    line = {
        "at": _moment(),
        "who": _who(),
        "as_of": as_of.isoformat(),
        "cases": list(case_nos),
        "what": what,
    }
    # one write of one line in append mode: two readers at once do not mix their lines
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, (json.dumps(line, ensure_ascii=False) + "\n").encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    make_durable(folder)
    return path


def _moment() -> str:
    """The time of day: an audit trail without it proves nothing. Nothing that a night computes comes near it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def _who() -> str:
    """The user of the operating system, whom the environment cannot pretend to be."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
