"""Runs the three nights of sample_data once; makes what builds the sample importable."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from monitor.indicators import load_catalogue
from monitor.settings import Settings
from monitor.steps import run_night

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"
NIGHTS = (date(2026, 11, 18), date(2026, 11, 19), date(2026, 11, 20))
Rows = list[dict[str, str]]

sys.path.insert(0, str(SAMPLE))


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after the three nights."""
    home = tmp_path_factory.mktemp("sample") / "home"
    settings = Settings(home=home, inbox=SAMPLE / "inbox", threads=1)
    for as_of in NIGHTS:
        run_night(settings, as_of)
    return home


@pytest.fixture(scope="session")
def of_runs(sample_home: Path) -> Callable[..., Rows]:
    """Reads chosen columns of a table of all three runs as text, with `as_of` in front."""

    def read(table: str, *columns: str) -> Rows:
        found: Rows = []
        for as_of in NIGHTS:
            rows = pq.read_table(sample_home / "runs" / as_of.isoformat() / f"{table}.parquet", columns=list(columns))
            found += [
                {"as_of": as_of.isoformat()} | {c: "" if row[c] is None else str(row[c]) for c in columns}
                for row in rows.to_pylist()
            ]
        return found

    return read


@pytest.fixture(scope="session")
def expected() -> Callable[[str], Rows]:
    """Reads a file of `sample_data/expected`."""

    def read(name: str) -> Rows:
        with (SAMPLE / "expected" / name).open(encoding="utf-8", newline="") as source:
            return list(csv.DictReader(source))

    return read


@pytest.fixture(scope="session")
def known() -> set[str]:
    """The codes of the catalogue as it stands."""
    return set(load_catalogue().indicators)
