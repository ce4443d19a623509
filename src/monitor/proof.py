"""What a run proves of itself in its manifest: everything that it depends on, and every byte that it left."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

import monitor
from monitor import indicators
from monitor.contracts.reading import schemas_folder
from monitor.run import Night, read_manifest
from monitor.store import connect, rows_stored


def own_parameters(night: Night) -> list[Path]:
    """The folder of the installation's own parameter files, if there is one."""
    folder = night.home.root / "parameters"
    return [folder] if folder.is_dir() else []


def fingerprint_of(night: Night, deliveries: list[tuple[str, str]]) -> str:
    """What a run depends on: software, contracts, rules, numbers, settings that decide, deliveries, the run before."""
    digest = hashlib.sha256(_software().encode())
    for folder in (schemas_folder(), *own_parameters(night), indicators.own_indicators(night.home.root)):
        for path in sorted(p for p in folder.rglob("*") if p.suffix in {".toml", ".csv"}):
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(path.read_bytes())
    if night.home.working_days.is_file():
        digest.update(night.home.working_days.read_bytes())
    previous = read_manifest(night.previous)["fingerprint"] if night.previous else ""
    decided = [night.as_of.isoformat(), night.settings.region, sorted(night.settings.accept_deliveries), previous]
    digest.update(json.dumps([decided, sorted(deliveries)]).encode())
    return digest.hexdigest()


@cache
def _software() -> str:
    """The sha256 of every file of the package: a mended program runs a night again, whatever its version says."""
    digest, package = hashlib.sha256(monitor.__version__.encode()), Path(monitor.__file__).parent
    for path in sorted(p for p in package.rglob("*") if p.is_file() and p.suffix != ".pyc"):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def outputs_of(night: Night) -> dict[str, Any]:
    """sha256, bytes and (of tables) rows of every file of the run."""
    files = sorted(p for p in night.building.rglob("*") if p.is_file() and night.work not in p.parents)
    with connect(None, night.settings) as connection:
        return {p.relative_to(night.building).as_posix(): _output(connection, p) for p in files}


def _output(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, Any]:
    with path.open("rb") as handle:
        figures: dict[str, Any] = {"sha256": hashlib.file_digest(handle, "sha256").hexdigest(), "bytes": path.stat().st_size}
    return figures | ({"rows": rows_stored(connection, path)} if path.suffix == ".parquet" else {})
