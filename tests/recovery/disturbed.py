"""Homes to disturb, and what their nights left."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from monitor.settings import Settings, load_settings

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from data_of import with_key

NIGHTS = (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))


@dataclass(frozen=True)
class Undisturbed:
    """A home after the nights that nobody disturbed."""

    settings: Settings

    @property
    def home(self) -> Path:
        return self.settings.home

    def copy(self, folder: Path) -> Settings:
        """The same home once more, to be disturbed."""
        shutil.copytree(self.home, folder)
        return settings_of(folder, self.settings.inbox_folder)


def settings_of(home: Path, inbox: Path) -> Settings:
    return load_settings(with_key(home), inbox=inbox, threads=1, memory_limit_mb=1024)


def bytes_of(home: Path) -> dict[str, bytes]:
    """Every file of the real runs and of the lists, but manifests: they hold seconds."""
    folders = [*(home / "runs").glob("[0-9]*"), *(home / "outbox").glob("[0-9]*")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}


def different(one: Path, other: Path) -> list[str]:
    """Files of two homes that are not the same, byte for byte."""
    left, right = bytes_of(one), bytes_of(other)
    assert left
    return sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))
