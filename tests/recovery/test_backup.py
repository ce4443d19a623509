"""A backup is a home once more: proved byte by byte, small the second time, and refused when anything in it has changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from disturbed import NIGHTS, Undisturbed, different, settings_of
from typer.testing import CliRunner

from monitor import steps
from monitor.backup import back_up, read_snapshot, restore, snapshots
from monitor.cli import app
from monitor.errors import Damaged, NightIsRunning, UsageError
from monitor.run import MANIFEST, Home

KEYS = {"keys/token.key", "keys/audit.key"}


@pytest.fixture
def home(undisturbed: Undisturbed, tmp_path: Path) -> Home:
    return Home(undisturbed.copy(tmp_path / "home").home)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def objects(folder: Path) -> Iterator[Path]:
    yield from (path for path in (folder / "objects").rglob("*") if path.is_file())


def test_the_next_night_of_a_restored_home_has_the_bytes_of_the_original(home: Home, inbox: Path, tmp_path: Path) -> None:
    back_up(home, tmp_path / "kept", with_keys=True)
    restore(tmp_path / "kept", tmp_path / "new")
    for place in (home.root, tmp_path / "new"):
        steps.run_night(settings_of(place, inbox), NIGHTS[2])
    assert different(home.root, tmp_path / "new") == []


def test_a_second_backup_holds_only_what_is_new(home: Home, tmp_path: Path) -> None:
    first = back_up(home, tmp_path / "kept")
    (home.answers / "one.csv").write_text("new", encoding="utf-8")
    second = back_up(home, tmp_path / "kept")
    assert (second.files, second.new_files, second.new_bytes) == (first.files + 1, 1, 3)
    assert [path.name for path in snapshots(tmp_path / "kept")] == ["2026-11-19.1.json", "2026-11-19.2.json"]


def test_what_can_be_made_anew_and_the_keys_are_left_out(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "kept")
    kept = set(read_snapshot(tmp_path / "kept")["files"])
    assert names(home.root) - kept == {".lock", "landing/hashes.json", "published/warehouse.duckdb"} | KEYS


def test_a_home_restored_without_its_keys_waits_for_them(home: Home, inbox: Path, tmp_path: Path) -> None:
    """With a new key, no list in the field could be answered any more."""
    back_up(home, tmp_path / "kept")
    place = tmp_path / "new"
    restore(tmp_path / "kept", place)
    settings = settings_of(tmp_path / "other", inbox).model_copy(update={"home": place})
    with pytest.raises(UsageError, match="缺密钥"):
        steps.run_night(settings, NIGHTS[2])
    shutil.copy(home.keys / "token.key", place / "keys")
    assert steps.run_night(settings, NIGHTS[1])["as_of"] == str(NIGHTS[1])


@pytest.mark.parametrize("damage", [b"", b"other bytes", None], ids=["emptied", "changed", "lost"])
def test_a_damaged_backup_is_refused_and_the_file_named(home: Home, tmp_path: Path, damage: bytes | None) -> None:
    back_up(home, tmp_path / "kept")
    sha256 = read_snapshot(tmp_path / "kept")["files"]["runs/2026-11-18/hits.parquet"]["sha256"]
    victim = next(path for path in objects(tmp_path / "kept") if path.name == sha256)
    victim.unlink() if damage is None else victim.write_bytes(damage)
    with pytest.raises(Damaged, match=r"runs/2026-11-18/hits\.parquet"):
        restore(tmp_path / "kept", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".new*"))


def test_a_list_of_files_that_was_changed_is_refused(home: Home, tmp_path: Path) -> None:
    snapshot = back_up(home, tmp_path / "kept").snapshot
    snapshot.write_bytes(snapshot.read_bytes().replace(b"hits", b"hots"))
    with pytest.raises(Damaged, match="2026-11-19"):
        restore(tmp_path / "kept", tmp_path / "new")


def test_a_damaged_home_is_not_backed_up(home: Home, tmp_path: Path) -> None:
    path = home.runs / "2026-11-18" / "cases.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(Damaged, match=r"2026-11-18/cases\.parquet"):
        back_up(home, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("left", [None, b'{"as_of": '])
def test_a_home_with_a_lost_or_damaged_manifest_is_not_backed_up(home: Home, tmp_path: Path, left: bytes | None) -> None:
    path = home.runs / str(NIGHTS[0]) / MANIFEST
    path.unlink() if left is None else path.write_bytes(left)
    with pytest.raises(Damaged, match=f"{NIGHTS[0]}/manifest.json.*从备份恢复"):
        back_up(home, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_night_whose_manifest_is_gone_can_be_run_again(home: Home, inbox: Path) -> None:
    (home.runs / str(NIGHTS[1]) / MANIFEST).unlink()
    assert steps.run_night(settings_of(home.root, inbox), NIGHTS[1])["as_of"] == str(NIGHTS[1])
    assert home.runs_without_manifest() == []


def test_a_list_that_an_office_filled_in_where_it_lies_is_backed_up_as_it_is(home: Home, tmp_path: Path) -> None:
    path = next((home.outbox / "2026-11-19").rglob("*.csv"))
    path.write_bytes(b"filled in")
    back_up(home, tmp_path / "kept", with_keys=True)
    restore(tmp_path / "kept", tmp_path / "new")
    assert (tmp_path / "new" / path.relative_to(home.root)).read_bytes() == b"filled in"


def test_nothing_is_restored_over_a_home(home: Home, tmp_path: Path) -> None:
    back_up(home, tmp_path / "kept")
    before = names(home.root)
    with pytest.raises(UsageError, match="不是空目录"):
        restore(tmp_path / "kept", home.root)
    assert names(home.root) == before


def test_a_backup_waits_for_no_night_and_lies_in_no_home(home: Home, tmp_path: Path) -> None:
    with home.locked(), pytest.raises(NightIsRunning):
        back_up(home, tmp_path / "kept")
    with pytest.raises(UsageError, match="工作目录之内"):
        back_up(home, home.root / "kept")


def test_a_path_that_leads_out_of_the_home_is_not_followed(home: Home, tmp_path: Path) -> None:
    from monitor.backup import _copy_out

    with pytest.raises(Damaged, match="之外"):
        _copy_out(tmp_path, tmp_path / "new", {"../../out": {"sha256": "0" * 64, "bytes": 0, "mode": 0o600}})


def test_old_backups_go_with_what_only_they_need(home: Home, tmp_path: Path) -> None:
    extra = home.answers / "one.csv"
    extra.write_text("passing", encoding="utf-8")
    back_up(home, tmp_path / "kept")
    before = len(list(objects(tmp_path / "kept")))
    extra.unlink()
    assert back_up(home, tmp_path / "kept", keep=1).forgotten == 1
    assert len(list(objects(tmp_path / "kept"))) == before - 1
    assert restore(tmp_path / "kept", tmp_path / "new")


def test_both_commands_say_where_the_keys_are_to_come_from(home: Home, tmp_path: Path) -> None:
    run = CliRunner().invoke
    made = run(app, ["backup", "--home", str(home.root), "--to", str(tmp_path / "kept")])
    assert (made.exit_code, str(home.keys) in made.output) == (0, True)
    back = run(app, ["restore", str(tmp_path / "kept"), "--home", str(tmp_path / "new")])
    assert (back.exit_code, str(tmp_path / "new" / "keys") in back.output) == (0, True)
