"""The demo deletes nothing but what a demo made."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor import cli, demo, steps
from monitor.settings import Settings

REAL = "民政_低保_20261120.csv"


@pytest.fixture
def read_from(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The inbox that each night of a demo reads; nothing is computed."""
    read: list[Path] = []

    def made_up(plan: object, out: Path, tell: object) -> None:
        out.mkdir(parents=True, exist_ok=True)

    def night(settings: Settings, *given: object) -> dict[str, object]:
        read.append(settings.inbox_folder)
        return {}

    monkeypatch.setattr(demo, "synthesise", made_up)
    monkeypatch.setattr(steps, "run_night", night)
    monkeypatch.setattr("monitor.commands.night.print_summary", lambda *given: None)
    return read


@pytest.fixture
def real(tmp_path: Path) -> Path:
    """A delivery of a department, outside the home of the demo."""
    delivery = tmp_path / "share" / REAL
    delivery.parent.mkdir()
    delivery.write_text("x", encoding="utf-8")
    return delivery


def test_the_demo_has_its_own_inbox_whatever_the_environment_names(
    real: Path, read_from: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_INBOX", str(real.parent))
    for _ in range(2):
        assert CliRunner().invoke(cli.app, ["demo", "--home", str(tmp_path / "demo")]).exception is None
    assert set(read_from) == {tmp_path / "demo" / "inbox"}
    assert [path.name for path in real.parent.iterdir()] == [REAL]


def test_of_a_link_in_its_home_the_demo_removes_the_link_only(real: Path, read_from: list[Path], tmp_path: Path) -> None:
    home = tmp_path / "demo"
    home.mkdir()
    real.parent.chmod(0o755)
    (home / ".demo").touch()
    for name in ("inbox", "landing", "runs", "outbox", "published"):
        (home / name).symlink_to(real.parent)
    assert CliRunner().invoke(cli.app, ["demo", "--home", str(home)]).exception is None
    assert [path.name for path in real.parent.iterdir()] == [REAL]
    assert not (home / "inbox").is_symlink()
    assert real.parent.stat().st_mode & 0o777 == 0o755


def test_the_demo_tells_where_it_goes() -> None:
    assert "./var/demo" in CliRunner().invoke(cli.app, ["demo", "--help"]).output
