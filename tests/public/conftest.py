"""A small made-up county with a night in each of two months."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from monitor import steps
from monitor.settings import Settings, load_settings
from monitor.synth import Plan, synthesise

NOVEMBER, DECEMBER = date(2026, 11, 20), date(2026, 12, 1)


@pytest.fixture(scope="session")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("two_months")
    synthesise(Plan(persons=500, seed=3, as_of=NOVEMBER, dirt="none"), home / "inbox")
    settings = load_settings(home, threads=1)
    for night in (NOVEMBER, DECEMBER):
        steps.run_night(settings, night)
    return home


@pytest.fixture
def county(two_months: Path, tmp_path: Path) -> Settings:
    """A home of its own for a test, in which nothing has been released."""
    return load_settings(shutil.copytree(two_months, tmp_path / "home"), threads=1)
