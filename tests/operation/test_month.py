"""Once a month: every file of every run against its manifest, figures of the month, retention."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor import cli, steps
from monitor.errors import Damaged, NightIsRunning, UsageError
from monitor.month import check_runs, month_before, month_figures, month_lines, must_be_undamaged, run_month
from monitor.retention import release
from monitor.run import Home
from monitor.settings import load_settings

NOVEMBER, NIGHT = date(2026, 11, 1), "2026-11-20"


def test_the_month_before_is_the_one_that_ended_last() -> None:
    assert month_before(date(2026, 12, 2)) == NOVEMBER
    assert month_before(date(2027, 1, 31)) == date(2026, 12, 1)


def test_a_month_tells_its_nights_those_that_are_missing_and_the_field(county: Path) -> None:
    figures = month_figures(load_settings(county, threads=1), NOVEMBER)
    assert (figures["nights"], len(figures["missed"]), figures["last"]) == (1, 29, NIGHT)
    assert {one["kind"] for one in figures["field"]} == {"走访", "复核", "抽查"}


def test_the_command_does_all_and_says_so(home: Path) -> None:
    done = CliRunner().invoke(cli.app, ["month", "--month", "2026-11", "--home", str(home)])
    assert done.exit_code == 0, done.output
    assert "2026年11月运行1晚" in done.output
    assert "与清单一致" in done.output


def test_damage_costs_the_month_none_of_its_summary(home: Path) -> None:
    (home / "runs" / NIGHT / "hits.parquet").unlink()
    done = CliRunner().invoke(cli.app, ["month", "--month", "2026-11", "--home", str(home)])
    assert isinstance(done.exception, Damaged)
    assert "2026年11月运行1晚" in done.output
    assert "1个不符" in done.output


def test_a_month_written_otherwise_is_told_as_a_month(home: Path) -> None:
    done = CliRunner().invoke(cli.app, ["month", "--month", "2026/11", "--home", str(home)])
    assert "--month:'2026/11';应为 2026-11 这样的月份" in str(done.exception)


@pytest.mark.parametrize("name", ["hits.parquet", "person.parquet", "catalogue.json"])
def test_a_file_that_is_gone_or_changed_is_named(home: Path, name: str) -> None:
    settings, path = load_settings(home, threads=1), home / "runs" / NIGHT / name
    content = path.read_bytes()
    path.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    with pytest.raises(Damaged, match=f"{NIGHT}/{name}:内容与清单不符"):
        must_be_undamaged({"check_runs": check_runs(settings, NOVEMBER)})
    path.unlink()
    with pytest.raises(Damaged, match=f"{NIGHT}/{name}:文件不见了"):
        must_be_undamaged({"check_runs": check_runs(settings, NOVEMBER)})


def test_a_night_whose_manifest_is_gone_or_damaged_is_named_with_what_to_do(home: Path) -> None:
    settings, path = load_settings(home, threads=1), home / "runs" / NIGHT / "manifest.json"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(Damaged, match=f"{NIGHT}/manifest.json:读不了.*从备份恢复"):
        check_runs(settings, NOVEMBER)
    path.unlink()
    with pytest.raises(Damaged, match=f"{NIGHT}/manifest.json:不见了.*从备份恢复"):
        must_be_undamaged({"check_runs": check_runs(settings, NOVEMBER)})


def test_a_list_that_somebody_changed_in_the_outbox_is_named(home: Path) -> None:
    path = next((home / "outbox" / NIGHT).rglob("*.csv"))
    path.write_bytes(path.read_bytes() + b"\r\n")
    with pytest.raises(Damaged, match="outbox"):
        must_be_undamaged({"check_runs": check_runs(load_settings(home, threads=1), NOVEMBER)})


def test_what_retention_took_is_not_missed(home: Path) -> None:
    """The night before the two newest, of a month that is over, without a month of grace."""
    runs = home / "runs"
    for day in ("2027-01-05", "2027-01-06"):
        (runs / day).mkdir()
        (runs / day / "manifest.json").write_text('{"outputs": {}, "inputs": [], "run_id": "x"}', encoding="utf-8")
    settings = load_settings(home, threads=1, keep_nights=2, keep_months=0)
    release(Home(home), settings)
    assert not (runs / NIGHT / "person.parquet").exists()
    must_be_undamaged({"check_runs": check_runs(settings, NOVEMBER)})
    (runs / NIGHT / "hits.parquet").unlink()
    with pytest.raises(Damaged, match=r"hits\.parquet"):
        must_be_undamaged({"check_runs": check_runs(settings, NOVEMBER)})


def test_a_month_without_a_night_is_refused(bare) -> None:
    with pytest.raises(UsageError, match="2026-10"):
        run_month(bare, date(2026, 10, 1))


def test_a_month_waits_for_no_night_and_stops_none(home: Path) -> None:
    settings = load_settings(home, threads=1)
    with steps.home_held(settings), pytest.raises(NightIsRunning):
        run_month(settings, NOVEMBER)


def test_late_departments_are_counted_by_night(county: Path) -> None:
    figures = {
        "release": {"paths": 2, "bytes": 3_000_000},
        "check_runs": {"runs": 1, "files": 9, "damaged": []},
        "month_bulletin": {"pages": 3, "folder": "published/bulletin/2026-11"},
        "month_figures": {
            "nights": 29, "missed": ["2026-11-03"], "last": "2026-11-30", "field": [],
            "late": [{"department": "供电", "extract": "grid_power", "nights": 4}],
        },
    }  # fmt: skip
    lines = dict(month_lines(NOVEMBER, figures))
    assert lines["运行"] == "2026年11月运行29晚,缺2026-11-03;核对以2026-11-30为准"
    assert lines["数据迟到"].endswith(":4晚")
    assert lines["简报"] == "3页,目录 published/bulletin/2026-11/index.html"
    assert lines["清理"] == "2项,3.0 MB"
