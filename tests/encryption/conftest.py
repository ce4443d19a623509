"""One night of a small made-up county, run once in clear and once with a key; tests that change a home take a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from locked import FIRST, Homes, key_file, settings_of

from monitor import steps
from monitor.synth import Plan, synthesise


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Homes:
    root = tmp_path_factory.mktemp("encryption")
    synthesise(Plan(persons=300, seed=5, as_of=FIRST, nights=2), root / "inbox")
    made = Homes(root)
    for home, key in ((made.clear, None), (made.locked, key_file(made.key))):
        (home / "keys").mkdir(parents=True)
        (home / "keys" / "token.key").write_text("00" * 32 + "\n", encoding="ascii")
        steps.run_night(settings_of(home, root / "inbox", key), FIRST)
    return made


@pytest.fixture
def clear_home(homes: Homes, tmp_path: Path) -> Path:
    return Path(shutil.copytree(homes.clear, tmp_path / "home"))


@pytest.fixture
def locked_home(homes: Homes, tmp_path: Path) -> Path:
    return Path(shutil.copytree(homes.locked, tmp_path / "home"))
