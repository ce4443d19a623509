"""One small made-up county for all end-to-end tests: three nights, every kind of dirt."""

from pathlib import Path

import pytest
from nights import LAST, NIGHTS, County, with_key

from monitor import steps
from monitor.settings import load_settings
from monitor.synth import Plan, synthesise


@pytest.fixture(scope="session")
def dirty_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dirty")
    synthesise(Plan(persons=1_500, seed=11, as_of=NIGHTS[0], nights=3), folder)
    return folder


@pytest.fixture(scope="session")
def clean_inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean")
    synthesise(Plan(persons=400, seed=12, as_of=LAST, dirt="none"), folder)
    return folder


@pytest.fixture(scope="session")
def county(dirty_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> County:
    settings = load_settings(with_key(tmp_path_factory.mktemp("county")), inbox=dirty_inbox, threads=2)
    return County(settings, tuple(steps.run_night(settings, night) for night in NIGHTS))
