"""What is out of all proportion is held: the night completes in little memory, with the outcomes of a plain calculation."""

from pathlib import Path

import pytest
from bad_inboxes import AS_OF, BAD, linked

from monitor import steps
from monitor.settings import load_settings
from monitor.synth import Plan, synthesise

PEOPLE, MEMORY_MB = 1_200, 512
SIZES = {"one village": PEOPLE, "one household": 400, "one person": 20_000, "unreadable": 50_000}


def night_of(home: Path, inbox: Path) -> Path:
    steps.run_night(load_settings(home, inbox=inbox, threads=2, memory_limit_mb=MEMORY_MB), AS_OF)
    return home / "runs" / AS_OF.isoformat()


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ordinary")
    synthesise(Plan(persons=PEOPLE, seed=3, as_of=AS_OF, dirt="none"), folder)
    return folder


@pytest.fixture(scope="module")
def ordinary(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return night_of(tmp_path_factory.mktemp("home"), inbox)


@pytest.mark.parametrize("name", list(BAD))
def test_a_night_holds(name: str, inbox: Path, ordinary: Path, tmp_path: Path) -> None:
    case, size = BAD[name], SIZES[name]
    altered = linked(inbox, tmp_path / "inbox")
    case.alter(altered, size)
    with pytest.raises(AssertionError):  # an ordinary night is not taken for it
        case.hold(ordinary, ordinary, altered, size)
    case.hold(ordinary, night_of(tmp_path / "home", altered), altered, size)
