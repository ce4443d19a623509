"""The same deliveries in any order, doubled, again, or late give the same bytes."""

from __future__ import annotations

import os
import shutil
import tempfile
from datetime import date
from pathlib import Path

import pytest
from disturbed import NIGHTS, Undisturbed, different, settings_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor import steps
from monitor.run import Night
from monitor.settings import Settings
from monitor.sources import arrive, judge, land
from monitor.synth import Plan, synthesise

DAY = date(2026, 11, 20)
SMALL = ("psb_resident", "mca_family", "nhc_death", "mem_disaster")


@pytest.fixture(scope="module")
def deliveries(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three days of four extracts, full and delta, with dirt."""
    folder = tmp_path_factory.mktemp("deliveries")
    synthesise(Plan(persons=200, seed=4, as_of=NIGHTS[0], nights=3), folder)
    return sorted(path for path in folder.iterdir() if path.name.startswith(SMALL))


def landed_and_judged(home: Path) -> dict[str, object]:
    """What a night reads: the landing, byte for byte, and the ledger."""
    night = Night(Settings(home=home, threads=1, memory_limit_mb=512), DAY)
    night.begin()
    arrivals = arrive(night)
    found = land(night, arrivals)
    with night.connect() as connection:
        lines = judge(connection, night, arrivals, found).ledger
    files = (path for path in night.home.landing.rglob("*") if path.is_file() and path.name != "hashes.json")
    return {"ledger": lines} | {path.name: path.read_bytes() for path in files}


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_any_order_and_any_repetition_land_the_same(deliveries: list[Path], data: st.DataObject) -> None:
    """Each delivery comes at least once, some again under a later time of change, with reading and judging in between."""
    numbers = range(len(deliveries))
    again = data.draw(st.lists(st.sampled_from(numbers), max_size=6), label="again")
    order = data.draw(st.permutations([*numbers, *again]), label="order")
    looks = data.draw(st.sets(st.integers(1, len(order)), max_size=2), label="looks")
    with tempfile.TemporaryDirectory() as folder:
        once, often = Path(folder, "once"), Path(folder, "often")
        deliver(deliveries, list(numbers), once, set())
        deliver(deliveries, order, often, looks)
        assert landed_and_judged(once) == landed_and_judged(often)


def deliver(deliveries: list[Path], order: list[int], home: Path, looks: set[int]) -> None:
    """Put files into the inbox one after the other, landing what is there at some moments."""
    inbox = home / "inbox"
    inbox.mkdir(parents=True)
    for place, number in enumerate(order):
        source = deliveries[number]
        shutil.copyfile(source, inbox / source.name)
        os.utime(inbox / source.name, (1e9 + place, 1e9 + place))
        if place in looks:
            landed_and_judged(home)


def test_the_same_files_again_are_no_new_night(undisturbed: Undisturbed, tmp_path: Path) -> None:
    home = undisturbed.copy(tmp_path / "home").home
    shutil.copytree(undisturbed.settings.inbox_folder, tmp_path / "inbox")  # other inodes, other times
    night = settings_of(home, tmp_path / "inbox")
    manifest = home / "runs" / str(NIGHTS[1]) / "manifest.json"
    before = manifest.read_bytes()
    steps.run_night(night, NIGHTS[1])
    assert manifest.read_bytes() == before
    assert different(home, undisturbed.home) == []


def test_deliveries_that_came_in_between_begun_nights_give_the_bytes_of_an_undisturbed_one(
    inbox: Path, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    """Half of the files, a night that dies after landing, the others twice: the first night is that of everything in time."""
    some = tmp_path / "inbox"
    some.mkdir()
    paths = sorted(inbox.iterdir())
    for path in paths[::2]:
        shutil.copy(path, some)
    night = settings_of(tmp_path / "home", some)
    steps.begin(night, NIGHTS[0])
    steps.land(night, NIGHTS[0])
    for path in (*paths[1::2], *paths):
        shutil.copy(path, some)
    steps.run_night(night, NIGHTS[0])
    for folder in ("runs", "outbox"):
        shutil.copytree(undisturbed.home / folder / str(NIGHTS[0]), tmp_path / "expected" / folder / str(NIGHTS[0]))
    assert different(night.home, tmp_path / "expected") == []
