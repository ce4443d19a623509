"""Makes `returned` importable and gives an installation that has a key and no nights yet."""

from pathlib import Path

import pytest

from monitor.run import Home
from monitor.settings import Settings, load_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings(tmp_path / "home", threads=1)
    Home(made.home).make()
    return made
