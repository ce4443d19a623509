"""Nights that go wrong: nothing arrived, wrong words, two at once, killed at any step."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nights import LAST, bytes_of, different_files, run_once

from monitor import steps
from monitor.errors import NightIsRunning, NothingArrived, ParameterMissing, UsageError
from monitor.run import Home
from monitor.settings import load_settings

MONITOR = Path(sys.executable).with_name("monitor")


def monitor(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([MONITOR, *words], capture_output=True, text=True, check=False)


def test_an_empty_inbox_ends_in_13_and_leaves_no_run(tmp_path: Path) -> None:
    done = monitor("run", "--as-of", LAST.isoformat(), "--home", str(tmp_path))
    assert done.returncode == 13
    assert str(tmp_path / "inbox") in done.stderr
    assert "Traceback" not in done.stderr
    assert not Home(tmp_path).run_folders()


def test_only_later_deliveries_end_in_13(clean_inbox: Path, tmp_path: Path) -> None:
    with pytest.raises(NothingArrived):
        run_once(tmp_path, clean_inbox, night=LAST.replace(year=2020))


def test_a_date_that_cannot_be_read_ends_in_2(tmp_path: Path) -> None:
    done = monitor("run", "--as-of", "2026-13-01", "--home", str(tmp_path))
    assert (done.returncode, "2026-13-01" in done.stderr) == (2, True)


def test_a_missing_parameter_ends_in_12_and_names_it(clean_inbox: Path, tmp_path: Path) -> None:
    """No value is in force anywhere before 2023."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    for path in clean_inbox.glob("psb_resident_*"):
        shutil.copy(path, inbox / path.name.replace("2026", "2020"))
    with pytest.raises(ParameterMissing, match="dibao_month_yuan"):
        run_once(tmp_path, inbox, night=LAST.replace(year=2020))


def test_two_nights_cannot_share_a_home(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    with steps.home_held(settings), pytest.raises(NightIsRunning), steps.home_held(settings):
        pass


def test_a_demo_never_runs_in_a_home_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("real", encoding="utf-8")
    done = monitor("demo", "--home", str(tmp_path))
    assert done.returncode == UsageError.exit_code
    assert (tmp_path / "precious").is_file()


@pytest.mark.parametrize("step", [name for name, _ in steps.STEPS])
def test_a_night_that_dies_in_a_step_leaves_the_last_one_and_the_next_start_recovers(
    clean_inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The step does its work and the process ends before the next: what is real is whole, and nothing is made twice."""
    settings = load_settings(tmp_path, inbox=clean_inbox, threads=2)

    def dying(name: str, verb):
        def die(*arguments):
            verb(*arguments)
            if name == step:
                raise KeyboardInterrupt
            return {}

        return die

    with monkeypatch.context() as patched:
        patched.setattr(steps, "STEPS", tuple((name, dying(name, verb)) for name, verb in steps.STEPS))
        with pytest.raises(KeyboardInterrupt):
            steps.run_night(settings, LAST)
    assert bool(Home(tmp_path).run_folders()) == (step in ("commit", "publish"))
    steps.run_night(settings, LAST)
    assert (tmp_path / "published" / "warehouse.duckdb").is_file()
    assert not list((tmp_path / "runs").glob(".building-*"))
    assert (tmp_path / "outbox" / LAST.isoformat()).is_dir()


def test_killed_outright_nothing_is_half_and_the_next_night_gives_the_same_bytes(clean_inbox: Path, tmp_path: Path) -> None:
    whole = run_once(tmp_path / "whole", clean_inbox)
    home = tmp_path / "killed"
    command = [MONITOR, "run", "--as-of", LAST.isoformat(), "--home", str(home), "--inbox", str(clean_inbox), "--threads", "2"]
    for seconds in (1.5, 3.0):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        assert bytes_of(home) == {} or Home(home).run_folders() or not (home / "outbox" / LAST.isoformat()).exists()
    run_once(home, clean_inbox)
    assert different_files(whole, home) == []
