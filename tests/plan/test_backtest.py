"""A rule asked of past nights says what it said then."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from plan_home import LAST, NIGHTS, County, adopt, rows
from typer import Typer
from typer.testing import CliRunner

from monitor.commands.backtest import backtest_command
from monitor.errors import UsageError
from monitor.indicators import CATALOGUE, load_catalogue
from monitor.plan import backtest
from monitor.plan.change import read_changed


@pytest.mark.parametrize("code", ["INC-001", "HLT-002", "BEN-003"])
def test_the_rule_as_it_is_says_again_what_the_nights_said(county: County, code: str) -> None:
    told = backtest(county.settings, load_catalogue().indicators[code], *NIGHTS)
    assert [night.as_of for night in told] == list(NIGHTS)
    hits = []
    for night in told:
        run = county.runs / night.as_of.isoformat()
        sums = ", ".join(f"sum({outcome})" for outcome in ("hit", "clear", "unknown", "exempt"))
        kept = rows(f"select {sums} from '{run}/coverage.parquet' where indicator = '{code}'")
        assert kept == [(night.hit, night.clear, night.unknown, night.exempt)]
        hits.append({subject for (subject,) in rows(f"select subject from '{run}/hits.parquet' where indicator = '{code}'")})
    assert (told[0].new, told[0].gone) == (None, None)
    assert (told[1].new, told[1].gone) == (len(hits[1] - hits[0]), len(hits[0] - hits[1]))


def test_a_changed_rule_is_asked_with_the_numbers_of_then(county: County, tmp_path: Path) -> None:
    shipped = next(CATALOGUE.rglob("INC-001_*.toml"))
    changed = tmp_path / shipped.name
    text = shipped.read_text(encoding="utf-8")
    changed.write_text(text.replace("since = 2023-01-01", "since = 2027-01-01"), encoding="utf-8")
    rule = read_changed(changed)
    assert rule.since > LAST
    as_it_is = backtest(county.settings, load_catalogue().indicators["INC-001"], LAST, LAST)
    assert backtest(county.settings, rule, LAST, LAST) == as_it_is


def test_a_range_without_a_run_is_refused_and_says_which_there_are(county: County) -> None:
    with pytest.raises(UsageError, match="2026-11-19 至 2026-11-20"):
        backtest(county.settings, load_catalogue().indicators["INC-001"], date(2025, 1, 1), date(2025, 2, 1))


def test_the_command_asks_the_rule_that_the_home_has_put_in_the_shipped_ones_place(county: County, tmp_path: Path) -> None:
    home, shipped = tmp_path / "home", next(CATALOGUE.rglob("INC-001_*.toml"))
    shutil.copytree(county.settings.home, home)
    rule = tmp_path / shipped.name
    rule.write_text(re.sub('(?m)^title = ".*"$', 'title = "本地的名称"', shipped.read_text(encoding="utf-8")), encoding="utf-8")
    adopt(home, rule)
    app = Typer()
    app.command()(backtest_command)
    asked = ["INC-001", "--from", str(LAST), "--to", str(LAST), "--home", str(home)]
    assert "本地的名称" in CliRunner().invoke(app, asked, catch_exceptions=False).output
