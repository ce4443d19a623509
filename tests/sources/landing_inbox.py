"""A home with an inbox, and a short way to land what lies in it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from monitor.run import Night
from monitor.settings import Settings
from monitor.sources import Arrivals, Judgement, Landed, Line, arrive, judge, land, quarantine_file

WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]


def made_up_id(number: int, birth: str = "19800101") -> str:
    """A valid ID of nobody: the region prefix 990101 is not assigned."""
    body = f"990101{birth}{number:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


@dataclass
class Inbox:
    """What a test puts in, and what became of it."""

    night: Night

    @property
    def folder(self) -> Path:
        return self.night.settings.inbox_folder

    def put(self, name: str, content: str | bytes, encoding: str = "utf-8", changed: int | None = None) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
        if changed is not None:
            os.utime(path, ns=(changed, changed))
        return path

    def landed(self) -> list[Landed]:
        return land(self.night, arrive(self.night))

    def quarantine(self, landed: Landed) -> list[tuple[int, str, Any]]:
        rows = duckdb.execute(
            "select row, reasons, raw from read_parquet(?) order by row", [str(quarantine_file(self.night, landed))]
        )
        return [(row, reasons, json.loads(raw)) for row, reasons, raw in rows.fetchall()]

    def judged(self) -> Judged:
        arrivals = arrive(self.night)
        landed = land(self.night, arrivals)
        connection = self.night.connect()
        return Judged(arrivals, landed, judge(connection, self.night, arrivals, landed), connection)


@dataclass
class Judged:
    arrivals: Arrivals
    landed: list[Landed]
    judgement: Judgement
    connection: duckdb.DuckDBPyConnection

    def line(self, delivery: str) -> Line:
        return next(line for line in self.judgement.ledger if line.delivery == delivery)

    def rows(self, select: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(select).fetchall()


@pytest.fixture
def make_inbox(tmp_path: Path) -> Callable[..., Inbox]:
    def make(as_of: date = date(2026, 11, 1), **given: Any) -> Inbox:
        night = Night(Settings(home=tmp_path / "home", **({"threads": 2, "memory_limit_mb": 1024} | given)), as_of)
        night.begin()
        night.settings.inbox_folder.mkdir(exist_ok=True)
        return Inbox(night)

    return make


@pytest.fixture
def inbox(make_inbox: Callable[..., Inbox]) -> Iterator[Inbox]:
    return make_inbox()
