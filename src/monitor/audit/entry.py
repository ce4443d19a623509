"""One record: its only spelling, its seal, and what may stand in it."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

# what may be an ID or a phone, not inside a longer word: hashes hold such runs of digits by chance
_ID = re.compile(r"(?<![0-9A-Za-z])(\d{17}[\dXx]|\d{15})(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Entry:
    """One record of the trail.

    Attributes:
        number: 1, 2, 3 ... without a gap.
        at: time of day, UTC.
        who: user of the operating system.
        role: what they acted as, if that was told; empty otherwise.
        action: one of `Action`.
        what: objects (relative to the home) and counts.
        before: seal of the record before; empty for the first.
        seal: HMAC-SHA256 of all of the above.
    """

    number: int
    at: str
    who: str
    role: str
    action: str
    what: dict[str, Any]
    before: str
    seal: str = ""

    def sealed(self, key: bytes) -> Entry:
        """The same record with its seal."""
        return replace(self, seal=hmac.digest(key, _spelled(replace(self, seal="")), "sha256").hex())

    def is_sealed_by(self, key: bytes) -> bool:
        return hmac.compare_digest(self.sealed(key).seal.encode(), self.seal.encode())

    def line(self) -> bytes:
        """Its only spelling in the trail."""
        return _spelled(self) + b"\n"


def read_entry(line: bytes) -> Entry | None:
    """The record of a line without its line end; None when it is none or is spelled in any other way."""
    try:
        entry = Entry(**json.loads(line))
        texts = (entry.at, entry.who, entry.role, entry.action, entry.before, entry.seal)
        is_plain = isinstance(entry.number, int) and isinstance(entry.what, dict) and all(isinstance(t, str) for t in texts)
        return entry if is_plain and entry.line() == line + b"\n" else None
    except (ValueError, TypeError, RecursionError):
        return None


def told(home: Path, what: Mapping[str, Any]) -> dict[str, Any]:
    """Objects and counts as they may be recorded: paths relative to the home, no empty value, no ID, no phone.

    Names cannot be recognised: whoever records must not pass any, nor the name of a file that somebody else chose.

    Raises:
        TypeError: a value is neither text, a whole number, yes or no, a day, a path, nor a list of these.
    """
    return {name: _plain(home, value) for name, value in what.items() if value is not None}


def _plain(home: Path, value: Any) -> Any:
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(home, one) for one in (sorted(value) if isinstance(value, (set, frozenset)) else value)]
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, Path):
        value = value.relative_to(home).as_posix() if value.is_relative_to(home) else str(value)
    if isinstance(value, date):
        value = value.isoformat()
    if not isinstance(value, str):
        raise TypeError(f"a record cannot hold a {type(value).__name__}")
    readable = value.encode("utf-8", "replace").decode()  # a path may hold bytes that are no text
    return _PHONE.sub("***", _ID.sub("***", readable))


def _spelled(entry: Entry) -> bytes:
    return json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
