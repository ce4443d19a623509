"""What was pulled before: `<home>/pulled/source-<name>.json`.

Lost, it costs a second transfer and lets queries start from `first_since` again; rows that come twice count once.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from monitor.durable import write_whole
from monitor.run import Home

_FOLDER = "pulled"
_NIGHTS_KEPT = 400


@dataclass(frozen=True)
class KnownFile:
    """A file that was pulled: of which extract and day, its mark at the source, size and sha256 of what came."""

    extract: str
    day: str
    mark: str
    size: int
    sha256: str


@dataclass
class Remembered:
    """What one source gave.

    Attributes:
        files: by name in the inbox.
        watermarks: extract -> as-of day -> greatest value of the watermark column.
    """

    files: dict[str, KnownFile] = field(default_factory=dict)
    watermarks: dict[str, dict[str, str]] = field(default_factory=dict)

    def marks(self) -> set[str]:
        """The marks of everything pulled before."""
        return {known.mark for known in self.files.values()}

    def newest(self, extract: str, as_of: date) -> KnownFile | None:
        """The newest file of an extract dated on or before a day."""
        found = [one for one in self.files.values() if one.extract == extract and one.day <= as_of.isoformat()]
        return max(found, key=lambda one: one.day, default=None)

    def watermark_before(self, extract: str, as_of: date) -> str | None:
        """Where a night begins: what the nights before it reached, so that a night run again asks for the same."""
        reached = self.watermarks.get(extract, {})
        earlier = [day for day in reached if day < as_of.isoformat()]
        return reached[max(earlier)] if earlier else None

    def note_watermark(self, extract: str, as_of: date, value: str) -> None:
        """Note what a night reached."""
        reached = self.watermarks.get(extract, {}) | {as_of.isoformat(): value}
        self.watermarks[extract] = {day: reached[day] for day in sorted(reached)[-_NIGHTS_KEPT:]}


def pulled_folder(home: Home) -> Path:
    """Where a home remembers, made if it is not there; closed to others like the rest of the home."""
    folder = home.root / _FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def read_memory(home: Home, source: str) -> Remembered:
    """What is remembered of a source; nothing when it was never pulled or the note is damaged."""
    try:
        loaded: dict[str, Any] = json.loads((home.root / _FOLDER / _file(source)).read_text(encoding="utf-8"))
        return Remembered({name: KnownFile(**one) for name, one in loaded["files"].items()}, loaded["watermarks"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Remembered()


def write_memory(home: Home, source: str, remembered: Remembered) -> None:
    """Keep what is remembered of a source, whole or not at all."""
    write_whole(
        pulled_folder(home) / _file(source), json.dumps(asdict(remembered), ensure_ascii=False, indent=1, sort_keys=True)
    )


def _file(source: str) -> str:
    return f"source-{source}.json"
