"""The command line: what it is called, what it says, how it ends."""

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from monitor import cli
from monitor.errors import (
    CatalogueInvalid,
    MonitorError,
    NightCannotStand,
    NothingArrived,
    ParameterMissing,
    PromiseBroken,
    TrailBroken,
)

PROMISED = {
    *("demo", "run", "explain", "plan", "backtest", "synth", "indicators", "docs", "collect", "progress"),
    *("pull", "check-file", "doctor", "month", "keys", "audit", "export", "public", "backup", "restore"),
    *("sql", "warehouse", "ui", "bulletin"),
}


def test_every_promised_command_is_there() -> None:
    names = {command.name for command in cli.app.registered_commands} | {group.name for group in cli.app.registered_groups}
    assert names >= PROMISED


@pytest.mark.parametrize("command", sorted(PROMISED))
def test_every_command_explains_itself(command: str) -> None:
    done = CliRunner().invoke(cli.app, [command, "--help"])
    assert done.exit_code == 0
    assert "Usage" in done.output


def test_naming_the_commands_loads_nothing_that_only_some_of_them_need() -> None:
    heavy = {"duckdb", "jinja2", "numpy", "openpyxl", "pandas", "polars", "prefect", "pyarrow", "pydantic", "rich.table"}
    program = f"import sys, monitor.cli; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]"]


def test_an_unknown_indicator_is_a_usage_error_with_the_nearest_name() -> None:
    done = CliRunner().invoke(cli.app, ["indicators", "show", "EXP-0004"])
    assert getattr(done.exception, "exit_code", None) == 2
    assert "EXP-0" in str(done.exception)


@pytest.mark.parametrize("command", [["progress"], ["explain", "V530622-20261118-0001"], ["sql", "select 1"]])
def test_a_home_that_is_not_there_is_told_so_and_a_demo_offered(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MONITOR_HOME", raising=False)

    def said(*more: str) -> str:
        return str(CliRunner().invoke(cli.app, [*command, *more]).exception)

    assert f"{tmp_path / 'var'}:目录不存在" in said()
    assert "--home var/demo" not in said()
    (tmp_path / "var" / "demo").mkdir(parents=True)
    (tmp_path / "var" / "demo" / ".demo").write_text("", encoding="utf-8")
    assert "--home var/demo" in said()
    assert "目录不存在" in said("--home", "var/dmeo")
    assert "--home var/demo" not in said("--home", "var/demo")


@pytest.mark.parametrize(
    "command",
    [
        ["collect"], ["public"], ["month", "--month", "2026-11"], ["warehouse", "rebuild"], ["bulletin"],
        ["export", "--role", "field", "--as-of", "2026-11-20", "--out", "out"],
        ["run", "--as-of", "2026-11-20", "--and-after"],
    ],
)  # fmt: skip
def test_a_mistyped_home_is_told_and_not_made(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = CliRunner().invoke(cli.app, [*command, "--home", "monitr"]).exception
    assert getattr(said, "exit_code", None) == 2
    assert f"{tmp_path / 'monitr'}:目录不存在" in str(said)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (MonitorError("x"), 1),
        (NightCannotStand("x"), 10),
        (CatalogueInvalid("x"), 11),
        (ParameterMissing("x"), 12),
        (NothingArrived("x"), 13),
        (PromiseBroken("x"), 14),
        (TrailBroken("x"), 20),
    ],
)
def test_errors_end_in_their_exit_codes(
    error: MonitorError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise error

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == code
    assert capsys.readouterr().err == "monitor: x\n"


def test_an_unforeseen_error_tells_where_but_never_quotes_its_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cell = "990000" + "198001010004"

    def broken() -> None:
        raise ValueError(f"could not convert {cell}")

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert "ValueError" in said
    assert cell not in said
