"""What is deployed exists and is well-formed: prefect.yaml, systemd units, the lines for cron in the guides."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor.notify import Channels, Event

ROOT = Path(__file__).parents[2]
DEPLOYMENTS: list[dict[str, Any]] = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
UNITS = sorted((ROOT / "deploy" / "systemd").iterdir())
GUIDES = [ROOT / "docs" / "operations.md", ROOT / "docs" / "operator-guide.zh-CN.md"]


def flow_of(deployment: dict[str, Any]) -> ast.FunctionDef:
    path, name = deployment["entrypoint"].split(":")
    body = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    return next(node for node in body if isinstance(node, ast.FunctionDef) and node.name == name)


def test_night_answers_and_month_are_deployed() -> None:
    assert [one["name"] for one in DEPLOYMENTS] == ["night", "answers", "month"]


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda one: one["name"])
def test_a_deployment_names_a_flow_and_parameters_that_it_has(deployment: dict[str, Any]) -> None:
    flow = flow_of(deployment)
    assert any("flow" in ast.unparse(decorator) for decorator in flow.decorator_list)
    assert set(deployment.get("parameters", {})) <= {argument.arg for argument in flow.args.args}
    assert len(flow.args.defaults) == len(flow.args.args), "a schedule gives no argument, so each needs a default"


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=lambda one: one["name"])
def test_a_deployment_runs_by_the_time_of_shanghai_and_never_twice_at_once(deployment: dict[str, Any]) -> None:
    assert deployment["schedules"]
    for schedule in deployment["schedules"]:
        assert schedule["timezone"] == "Asia/Shanghai"
        assert len(schedule["cron"].split()) == 5
    assert deployment["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}


def test_the_slot_of_a_night_that_died_is_given_back() -> None:
    """With leases in the server's memory it never is: tried with a machine that lost power."""
    [server] = [path for path in UNITS if path.name == "monitor-prefect-server.service"]
    assert "LEASE_STORAGE=prefect.server.concurrency.lease_storage.filesystem" in server.read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_takes_every_unit(tmp_path: Path) -> None:
    programs = str(Path(sys.executable).parent)
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/monitor/.venv/bin", programs)
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    verify = ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(verify, capture_output=True, text=True, check=False)
    assert (done.returncode, [line for line in done.stderr.splitlines() if "monitor-" in line]) == (0, [])


def test_every_timer_starts_a_unit_that_is_there() -> None:
    names = {unit.name for unit in UNITS}
    timers = [unit.stem for unit in UNITS if unit.suffix == ".timer"]
    assert sorted(timers) == ["monitor-answers", "monitor-doctor", "monitor-month", "monitor-night"]
    assert {f"{timer}.service" for timer in timers} <= names


def said_by(command: str) -> str:
    """What monitor would be called with by a shell line."""
    line = re.sub(r"\S*/bin/monitor", "echo", command)
    return subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=True).stdout.strip()


def test_the_unit_of_the_night_asks_of_yesterday() -> None:
    [unit] = [path for path in UNITS if path.name == "monitor-night.service"]
    [start] = re.findall(r"ExecStart=/bin/sh -c 'exec (.*)'", unit.read_text(encoding="utf-8"))
    assert re.fullmatch(r"run --as-of \d{4}-\d{2}-\d{2}", said_by(start.replace("%%", "%").replace("$$", "$")))


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_the_lines_for_cron_have_five_fields_and_escape_what_cron_takes_for_a_new_line(guide: Path) -> None:
    lines = [line for line in guide.read_text(encoding="utf-8").splitlines() if re.match(r"\s*[\d*/,-]+ [\d*/,-]+ \S+ ", line)]
    assert len(lines) == 4
    for line in lines:
        *fields, command = line.split(maxsplit=5)
        assert all(re.fullmatch(r"[\d*/,-]+", field) for field in fields), line
        assert not re.search(r"(?<!\\)%", command), line
        assert re.fullmatch(
            r"(run --as-of \d{4}-\d{2}-\d{2}|collect|month|doctor --notify)", said_by(command.replace("\\%", "%"))
        )


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_the_channels_that_a_guide_shows_are_channels(guide: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    shown = [Channels(**tomllib.loads(block)) for block in blocks]
    assert shown
    assert {type(channel).__name__ for channels in shown for channel in channels.all} == {"Mail", "Webhook"}
    assert any(Event.LATE in channel.events for channels in shown for channel in channels.all)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_a_guide_names_units_that_are_there(guide: Path) -> None:
    named = set(re.findall(r"monitor-[a-z-]+\.(?:service|timer)", guide.read_text(encoding="utf-8")))
    assert named <= {unit.name for unit in UNITS}
