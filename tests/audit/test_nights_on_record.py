"""A night is on record: that it began, became real, ended or why not; its manifest knows where the trail was."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from monitor import steps
from monitor.audit import read_trail, verify
from monitor.errors import NothingArrived
from monitor.settings import load_settings
from monitor.synth import Plan, synthesise

NIGHT = date(2026, 11, 20)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("county")
    synthesise(Plan(persons=300, seed=5, as_of=NIGHT, dirt="none"), home / "inbox")
    settings = load_settings(home, threads=1)
    steps.run_night(settings, NIGHT)
    steps.run_night(settings, NIGHT)  # nothing new: not run again, so nothing to record
    return home


def test_a_night_has_three_records_and_an_anchor(home: Path) -> None:
    entries = read_trail(home)
    assert [one.action for one in entries] == ["run_begun", "run_committed", "run_ended"]
    assert {one.what["as_of"] for one in entries} == {NIGHT.isoformat()}
    manifest = json.loads((home / "runs" / NIGHT.isoformat() / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["audit"]["number"], manifest["audit"]["seal"]) == (2, entries[1].seal)
    assert (verify(home).nights, verify(home).findings) == (1, ())


def test_a_trail_put_back_to_before_a_night_is_found_by_the_night(home: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(home, tmp_path / "home")
    shutil.rmtree(copy / "audit")
    (copy / "keys" / "audit.key").write_text("00" * 32 + "\n", encoding="ascii")
    steps.audit.record(copy, "run_begun", as_of=NIGHT)
    assert [one.where for one in verify(copy).findings] == [f"runs/{NIGHT}/manifest.json"]


def test_a_night_that_fails_is_on_record_by_the_kind_of_error_alone(tmp_path: Path) -> None:
    with pytest.raises(NothingArrived):
        steps.run_night(load_settings(tmp_path, threads=1), NIGHT)
    assert [(one.action, one.what) for one in read_trail(tmp_path)] == [("run_failed", {"error": "NothingArrived"})]
