"""Runs nights and reads what they left, for the end-to-end tests."""

import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from monitor import steps
from monitor.settings import Settings, load_settings

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from data_of import shuffle_rows, with_key

__all__ = ["LAST", "NIGHTS", "County", "bytes_of", "different_files", "run_once", "shuffle_rows", "with_key"]

NIGHTS = (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))
LAST = NIGHTS[-1]


@dataclass(frozen=True)
class County:
    """A county after its nights."""

    settings: Settings
    manifests: tuple[dict[str, Any], ...]

    @property
    def runs(self) -> Path:
        return self.settings.home / "runs"

    @property
    def last_run(self) -> Path:
        return self.runs / LAST.isoformat()

    @property
    def lists(self) -> Path:
        return self.settings.home / "outbox" / LAST.isoformat()


def run_once(home: Path, inbox: Path, *, threads: int = 2, night: date = LAST) -> Path:
    """Run one night in a home of its own; return the home."""
    steps.run_night(load_settings(with_key(home), inbox=inbox, threads=threads), night)
    return home


def bytes_of(home: Path) -> dict[str, bytes]:
    """Every file of runs/, outbox/ and reports/ but the manifest, which holds seconds and the hashes of the inputs."""
    parts = ("runs", "outbox", "reports")
    files = [p for part in parts for p in (home / part).rglob("*") if p.is_file() and p.name != "manifest.json"]
    return {p.relative_to(home).as_posix(): p.read_bytes() for p in files}


def different_files(one: Path, other: Path) -> list[str]:
    """The files of two homes that are not the same, byte for byte."""
    left, right = bytes_of(one), bytes_of(other)
    assert left
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))
