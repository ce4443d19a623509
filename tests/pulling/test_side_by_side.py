"""Sources are pulled side by side, so many at a time; attempts wait longer and longer."""

from __future__ import annotations

import threading
import time

import pytest
from places import ORDERS, Place, folder_source

from monitor.pulling.folder import FolderShelf
from monitor.pulling.offered import Offered


def test_no_more_sources_are_at_work_at_a_time_than_allowed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, most, lock = 0, 0, threading.Lock()

    def offers(self: FolderShelf) -> Offered:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.02)
        with lock:
            at_work -= 1
        return Offered(())

    monkeypatch.setattr(FolderShelf, "offers", offers)
    for number in range(8):
        place.declare(f"s{number}", folder_source(part=f"p{number}"))
    path = place.home / "sources.toml"
    path.write_text("parallel = 3\n" + path.read_text())
    assert len(place.pull()) == 8
    assert most == 3


def test_a_source_that_is_stuck_keeps_nobody_waiting(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    released, sound = threading.Event(), FolderShelf.offers
    place.drop(ORDERS)

    def offers(self: FolderShelf) -> Offered:
        if self._source.name == "stuck":
            assert released.wait(10)
            assert ORDERS in place.arrived()
        return sound(self)

    def arrived(what: str, done: int, total: int) -> None:
        released.set()

    monkeypatch.setattr(FolderShelf, "offers", offers)
    place.declare("stuck", folder_source(extracts=["nhc_death"]))
    place.declare("well", folder_source())
    pulled = place.pull(report=arrived)
    assert [one.failures for one in pulled.values()] == [(), ()]


def test_each_wait_is_twice_the_last_with_some_chance_and_at_most_a_minute(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    place.declare("gone", folder_source(path="nowhere"), attempts=8, wait_seconds=2)
    place.pull()
    assert [lowest <= wait <= lowest + 1 for wait, lowest in zip(waits[:5], (2, 4, 8, 16, 32), strict=True)] == [True] * 5
    assert waits[5:] == [60, 60]
    assert len(set(waits)) > 2
