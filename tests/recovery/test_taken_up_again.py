"""A night that died goes on after its last finished step; where there is any doubt it starts over; the bytes are the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from disturbed import NIGHTS, Undisturbed, different, settings_of

from monitor import resume, steps
from monitor.durable import left_beside, put_in_place
from monitor.recovery import recover
from monitor.run import Home, Night, deliver
from monitor.settings import Settings

FIRST = NIGHTS[0]
NAMES = [name for name, _ in steps.STEPS]


@pytest.fixture(scope="module")
def whole(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = settings_of(tmp_path_factory.mktemp("whole"), inbox)
    steps.run_night(settings, FIRST)
    return settings.home


@pytest.fixture(scope="module")
def died(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A night that died when it had asked every indicator. Tests copy it."""
    settings = settings_of(tmp_path_factory.mktemp("died"), inbox)
    with pytest.raises(KeyboardInterrupt):
        run(settings, dying_in="open_cases")
    return settings


def copied(died: Settings, folder: Path) -> Settings:
    shutil.copytree(died.home, folder)
    return settings_of(folder, died.inbox_folder)


def run(settings: Settings, *, dying_in: str = "") -> list[str]:
    """Run the night; the steps whose work was done, in order."""
    done: list[str] = []

    def told(name: str, verb: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any) -> Any:
            if name == dying_in:
                with Night(settings, FIRST).connect() as connection:
                    connection.execute("create table cases.half_made as select 1 as one")
                (Night(settings, FIRST).building / ".hits.parquet.0123456789abcdef0123456789abcdef").write_bytes(b"torn")
                raise KeyboardInterrupt
            found = verb(*arguments)
            done.extend([name] if found != {"already": True} else [])
            return found

        return step

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(steps, "STEPS", tuple((name, told(name, verb)) for name, verb in steps.STEPS))
        steps.run_night(settings, FIRST)
    return done


def test_finished_steps_are_not_done_again_and_the_bytes_are_those_of_an_undisturbed_night(
    died: Settings, whole: Path, tmp_path: Path
) -> None:
    settings = copied(died, tmp_path / "home")
    assert run(settings) == ["open_cases", "commit", "publish"]
    assert different(settings.home, whole) == []


def tear_the_database(night: Night) -> None:
    path = night.work / "work.duckdb"
    path.write_bytes(path.read_bytes()[:-4096])


def lose_a_file(night: Night) -> None:
    (night.building / "hits.parquet").unlink()


def lose_a_table(night: Night) -> None:
    with night.connect() as connection:
        connection.execute("drop table hits.hit")


def change_a_table(night: Night) -> None:
    with night.connect() as connection:
        connection.execute("delete from hits.hit")


def tear_the_note(night: Night) -> None:
    path = night.work / "notes.json"
    path.write_bytes(path.read_bytes()[:100])


def note_other_code(night: Night) -> None:
    path = night.work / "notes.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"mark": "other"}), encoding="utf-8")


@pytest.mark.parametrize(
    "doubt", [tear_the_database, lose_a_file, lose_a_table, change_a_table, tear_the_note, note_other_code]
)
def test_on_any_doubt_nothing_is_taken_up(died: Settings, tmp_path: Path, doubt: Callable[[Night], None]) -> None:
    night = Night(copied(died, tmp_path / "home"), FIRST)
    mark = resume.read_notes(night)["mark"]
    doubt(night)
    assert resume.take_up(night, mark) == []


def test_what_is_taken_up_holds_nothing_of_the_step_that_died(died: Settings, tmp_path: Path) -> None:
    night = Night(copied(died, tmp_path / "home"), FIRST)
    mark = resume.read_notes(night)["mark"]
    assert resume.take_up(night, mark) == ["begin", "land", "gate", "build", "evaluate"]
    assert not list(left_beside(night.building))
    with night.connect() as connection, pytest.raises(duckdb.CatalogException):
        connection.execute("from cases.half_made")


def test_a_night_that_fails_on_what_it_took_up_starts_over_next_time(
    died: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = copied(died, tmp_path / "home")

    def torn(*_: object) -> None:
        raise duckdb.IOException("torn block")

    with monkeypatch.context() as patched:
        patched.setattr(steps.learned, "learn", torn)
        with pytest.raises(duckdb.IOException):
            steps.run_night(settings, FIRST)
    steps.begin(settings, FIRST)
    assert resume.read_notes(Night(settings, FIRST))["finished"] == ["begin"]


def test_a_step_that_is_tried_again_goes_on_from_what_was_taken_up(
    died: Settings, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = copied(died, tmp_path / "home")

    def hung(*_: object) -> None:
        raise OSError("the share hangs")

    assert steps.begin(settings, FIRST)["already"] is False
    with monkeypatch.context() as patched:
        patched.setattr(steps.learned, "learn", hung)
        with pytest.raises(OSError, match="hangs"):
            steps.open_cases(settings, FIRST)
    for _, verb in steps.STEPS:
        verb(settings, FIRST)
    assert different(settings.home, whole) == []


def test_a_delivery_that_came_meanwhile_starts_the_night_over(died: Settings, tmp_path: Path) -> None:
    home = copied(died, tmp_path / "home").home
    shutil.copytree(died.inbox_folder, tmp_path / "inbox")
    settings = settings_of(home, tmp_path / "inbox")
    path = next(settings.inbox_folder.glob("mca_payment_*.csv"))
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    assert steps.begin(settings, FIRST)["already"] is False
    assert resume.read_notes(Night(settings, FIRST))["finished"] == ["begin"]


def test_asked_for_once_more_it_starts_over(died: Settings, tmp_path: Path) -> None:
    settings = copied(died, tmp_path / "home")
    steps.begin(settings, FIRST, again=True)
    assert resume.read_notes(Night(settings, FIRST))["finished"] == ["begin"]


def test_another_night_drops_the_one_that_nobody_finished(died: Settings, tmp_path: Path) -> None:
    settings = copied(died, tmp_path / "home")
    steps.begin(settings, NIGHTS[1])
    assert [path.name for path in (settings.home / "runs").glob(".building-*")] == [f".building-{NIGHTS[1]}"]


# what a crash between two renames leaves


def test_lists_whose_names_were_just_exchanged_are_not_exchanged_back(undisturbed: Undisturbed, tmp_path: Path) -> None:
    home = Home(undisturbed.copy(tmp_path / "home").home)
    lists, run_folder = home.outbox / str(FIRST), home.runs / str(FIRST)
    old = home.outbox / f".{FIRST}.new"
    old.mkdir()
    (old / "old.csv").write_text("of the run before", encoding="utf-8")
    recover(home)
    assert not old.exists()
    assert not (lists / "old.csv").exists()
    lists.rename(old)  # the other way round: the new ones still wait
    lists.mkdir()
    (lists / "old.csv").write_text("of the run before", encoding="utf-8")
    recover(home)
    assert not (lists / "old.csv").exists()
    assert len(list(lists.rglob("*.csv"))) > 1
    assert deliver(home, run_folder) == lists


def test_a_run_that_has_just_given_its_name_away_is_kept_among_the_replaced(undisturbed: Undisturbed, tmp_path: Path) -> None:
    home = Home(undisturbed.copy(tmp_path / "home").home)
    shutil.copytree(home.runs / str(FIRST), home.runs / f".building-{FIRST}")
    recover(home)
    assert [path.name for path in home.replaced_runs()] == [f"{FIRST}.1"]
    assert not list(home.runs.glob(".building-*"))


def test_what_a_dead_process_was_writing_is_swept_up(undisturbed: Undisturbed, tmp_path: Path) -> None:
    home = Home(undisturbed.copy(tmp_path / "home").home)
    mark = "0123456789abcdef" * 2
    left = [home.published / f".warehouse.duckdb.{mark}", home.published / f".warehouse.duckdb.{mark}.wal"]
    left += [home.landing / "psb_resident" / f".x.parquet.{mark}", home.landing / f".hashes.json.{mark}"]
    left += [home.runs / f".publishing-{mark}" / "spill"]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"torn")
    recover(home)
    assert not any(path.exists() for path in left)


@pytest.mark.parametrize("can_exchange", [True, False])
def test_two_folders_change_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool) -> None:
    from monitor import durable

    if not can_exchange:
        monkeypatch.setattr(durable, "_renameat2", lambda: None)
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    assert put_in_place(tmp_path / "one", tmp_path / "other")
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")} == {"one", "other", "one/other", "other/one"}
