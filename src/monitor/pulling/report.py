"""What a pull did, source by source: counts, agreed file names and plain Chinese reasons; no secret, no person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from monitor.durable import write_whole
from monitor.pulling.memory import pulled_folder
from monitor.pulling.trouble import Trouble
from monitor.run import Home

_LAST = "last.json"


@dataclass(frozen=True)
class Failure:
    """Something that was not pulled: a file, or "" for the source as a whole; why; what to do."""

    file: str
    found: str
    remedy: str = ""

    @classmethod
    def of(cls, file: str, trouble: Trouble) -> Failure:
        """A trouble with a file."""
        return cls(file, trouble.found, trouble.remedy)


@dataclass(frozen=True)
class PulledFile:
    """A file that came: its name in the inbox and its bytes there."""

    file: str
    bytes: int


@dataclass(frozen=True)
class Pulled:
    """What one source gave.

    Attributes:
        files: new or changed, now in the inbox.
        unchanged: files that are there as they were pulled before.
        not_there: files asked for that the department has not put out yet.
        misnamed: safe names of files whose names are not of the agreed form.
        failures: what could not be had.
        seconds: from the first attempt to the last.
    """

    source: str
    kind: str
    files: tuple[PulledFile, ...] = ()
    unchanged: int = 0
    not_there: int = 0
    misnamed: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0

    @property
    def bytes(self) -> int:
        return sum(one.bytes for one in self.files)


def write_report(home: Home, as_of: date, pulled: Sequence[Pulled], notice: str = "") -> None:
    """Leave the report for the night's manifest; `notice` tells why nothing was tried."""
    content = {"as_of": as_of.isoformat(), "notice": notice, "sources": [asdict(one) for one in pulled]}
    write_whole(pulled_folder(home) / _LAST, json.dumps(content, ensure_ascii=False, indent=1))


def read_report(home: Home, as_of: date) -> dict[str, Any] | None:
    """The report of the last pull, if it was made for this day."""
    try:
        loaded: dict[str, Any] = json.loads((home.root / "pulled" / _LAST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return loaded if loaded.get("as_of") == as_of.isoformat() else None
