"""The same inputs give the same bytes: again, with one thread, with rows in another order, through Prefect."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nights import LAST, County, different_files, run_once, shuffle_rows, with_key

import monitor
from monitor import proof, steps

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def once(clean_inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_once(tmp_path_factory.mktemp("once"), clean_inbox)


def test_one_thread_and_two_give_the_same_bytes(once: Path, clean_inbox: Path, tmp_path: Path) -> None:
    assert different_files(once, run_once(tmp_path, clean_inbox, threads=1)) == []


def test_the_order_of_rows_does_not_matter_where_no_key_is_doubled(once: Path, clean_inbox: Path, tmp_path: Path) -> None:
    other = run_once(tmp_path / "home", shuffle_rows(clean_inbox, tmp_path / "inbox"))
    assert different_files(once, other) == []


def test_a_night_run_again_in_a_fresh_home_gives_the_same_bytes_with_all_dirt(county: County, tmp_path: Path) -> None:
    for manifest in county.manifests:
        run_once(tmp_path, county.settings.inbox_folder, threads=1, night=type(LAST).fromisoformat(manifest["as_of"]))
    assert different_files(county.settings.home, tmp_path) == []


def test_the_flow_and_the_command_line_give_the_same_bytes(once: Path, clean_inbox: Path, tmp_path: Path) -> None:
    program = [sys.executable, "-m", "flows.nightly", "--as-of", LAST.isoformat()]
    places = ["--home", str(tmp_path / "flow"), "--inbox", str(clean_inbox)]
    environment = {**os.environ, "PREFECT_HOME": str(tmp_path / "prefect"), "HOME": str(tmp_path)}
    with_key(tmp_path / "flow")
    done = subprocess.run([*program, *places], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert different_files(once, tmp_path / "flow") == []


def test_a_night_already_run_for_the_same_inputs_is_not_run_again(county: County) -> None:
    before = (county.last_run / "manifest.json").stat().st_mtime_ns
    steps.run_night(county.settings, LAST)
    assert (county.last_run / "manifest.json").stat().st_mtime_ns == before


def test_a_night_is_run_again_by_a_program_that_was_mended(
    county: County, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The version stays the same while a program is mended in place."""
    home = Path(shutil.copytree(county.settings.home, tmp_path / "home"))
    settings = county.settings.model_copy(update={"home": home, "inbox": county.settings.inbox_folder})
    package = Path(shutil.copytree(Path(monitor.__file__).parent, tmp_path / "monitor"))
    monkeypatch.setattr(monitor, "__file__", str(package / "__init__.py"))
    try:
        for mend, already in (("", True), ("# mended\n", False)):
            with (package / "cases" / "open.py").open("a", encoding="utf-8") as code:
                code.write(mend)
            proof._software.cache_clear()
            assert steps.begin(settings, LAST)["already"] is already
    finally:
        proof._software.cache_clear()
