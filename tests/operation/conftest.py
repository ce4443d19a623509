"""A small made-up county after one night, and homes with nothing in them, for the tests of what goes on around nights."""

import os
import shutil
from datetime import date, datetime
from pathlib import Path

import pytest

from monitor import steps
from monitor.clock import SHANGHAI
from monitor.run import Home
from monitor.settings import Settings, load_settings
from monitor.synth import Plan, synthesise

NIGHT = date(2026, 11, 20)


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inbox")
    synthesise(Plan(persons=400, seed=12, as_of=NIGHT, dirt="none"), folder)
    folder.chmod(0o700)
    return folder


@pytest.fixture(scope="session")
def county(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a county after its night; for reading only."""
    home = tmp_path_factory.mktemp("county")
    shutil.copytree(inbox, home / "inbox")
    (home / "inbox").chmod(0o700)
    steps.run_night(load_settings(home, threads=2), NIGHT)
    started = datetime(2026, 11, 21, 2, 10, tzinfo=SHANGHAI).timestamp()  # whenever the tests run
    os.utime(home / "runs" / NIGHT.isoformat(), (started, started))
    return home


@pytest.fixture
def home(county: Path, tmp_path: Path) -> Path:
    """A copy of that home to do as one likes with."""
    return shutil.copytree(county, tmp_path / "home")


@pytest.fixture
def bare(tmp_path: Path) -> Settings:
    """An installation that has never seen a night."""
    made = load_settings(tmp_path / "bare", threads=1)
    Home(made.home).make()
    return made
