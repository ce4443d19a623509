"""One tiny made-up county for all tests of recovery: three nights, little dirt; and the undisturbed nights to compare with."""

from pathlib import Path

import pytest
from disturbed import NIGHTS, Undisturbed, settings_of

from monitor import steps
from monitor.synth import Plan, synthesise


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recovery")
    synthesise(Plan(persons=300, seed=12, as_of=NIGHTS[0], nights=len(NIGHTS), dirt="light"), folder)
    return folder


@pytest.fixture(scope="session")
def undisturbed(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """A home after its first two nights. Tests copy it."""
    settings = settings_of(tmp_path_factory.mktemp("undisturbed"), inbox)
    for night in NIGHTS[:2]:
        steps.run_night(settings, night)
    return Undisturbed(settings)
