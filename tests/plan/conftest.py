"""One small made-up county with two nights, for all tests of plan and backtest."""

from pathlib import Path

import pytest
from plan_home import LAST, NIGHTS, County

from monitor import steps
from monitor.settings import load_settings
from monitor.synth import Plan, synthesise


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> County:
    inbox, home = tmp_path_factory.mktemp("inbox"), tmp_path_factory.mktemp("county")
    synthesise(Plan(persons=500, seed=3, as_of=NIGHTS[0], nights=2), inbox)
    settings = load_settings(home, inbox=inbox, threads=2)
    for night in NIGHTS:
        steps.run_night(settings, night)
    return County(settings, inbox)


@pytest.fixture(scope="session")
def raised(county: County, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the home in which dibao was raised to 1200 and the last night run again."""
    home = tmp_path_factory.mktemp("raised") / "home"
    county.again(home, {"dibao_month_yuan": f"53,any,{LAST},1200,试验"})
    return home
