"""What was told of every count, by month: `<home>/releases/<month>.json`, in the restricted zone, for it holds true counts.

A month is decided once. Its file comes before anything public, and the public folder is written from it alone, so that a
crash between the two, or a folder that was deleted, is made good with the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from monitor.durable import write_whole
from monitor.public.counts import Freshness
from monitor.public.sheet import Cell
from monitor.public.suppress import Remembered
from monitor.public.telling import Told

FOLDER = "releases"


@dataclass(frozen=True)
class Release:
    """One month as it was decided.

    Attributes:
        month: `2026-11`.
        as_of, run_id: the night it counts.
        tables: name -> cell -> what is told of it.
        freshness: extract, newest delivery, is it late.
        names: division code -> name.
    """

    month: str
    as_of: date
    run_id: str
    tables: Mapping[str, Mapping[Cell, Remembered]]
    freshness: Freshness
    names: Mapping[str, str]


def write_release(home: Path, release: Release) -> None:
    """Remember a decision; the folder is closed to other users."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    content = {
        "month": release.month,
        "as_of": release.as_of.isoformat(),
        "run_id": release.run_id,
        "tables": {
            name: [[*cell, one.width, asdict(one.told)] for cell, one in cells.items()]
            for name, cells in release.tables.items()
        },
        "freshness": [[name, day.isoformat() if day else None, late] for name, day, late in release.freshness],
        "names": dict(release.names),
    }
    path = folder / f"{release.month}.json"
    write_whole(path, json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n")


def read_release(home: Path, month: str) -> Release | None:
    """What was decided for a month; None when nothing was."""
    path = home / FOLDER / f"{month}.json"
    if not path.is_file():
        return None
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Release(
        content["month"],
        date.fromisoformat(content["as_of"]),
        content["run_id"],
        {
            name: {(place, item): Remembered(Told(**told), width) for place, item, width, told in cells}
            for name, cells in content["tables"].items()
        },
        [(name, date.fromisoformat(day) if day else None, late) for name, day, late in content["freshness"]],
        content["names"],
    )


def months_released(home: Path) -> list[str]:
    """Months that were decided, oldest first."""
    return sorted(path.stem for path in (home / FOLDER).glob("[0-9]*.json"))
