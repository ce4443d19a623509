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
from monitor.encryption import HomeKey
from monitor.encryption.check import Encryption, check_of, encryption_of, write_encryption
from monitor.errors import Damaged, NightIsRunning, UsageError
from monitor.privacy import token_key
from monitor.retention import release
from monitor.run import MANIFEST, Home
from monitor.settings import Settings

KEYS = {"keys/token.key", "keys/audit.key"}


@pytest.fixture
def settings(undisturbed: Undisturbed, tmp_path: Path) -> Settings:
    return undisturbed.copy(tmp_path / "home")


@pytest.fixture
def home(settings: Settings) -> Home:
    return Home(settings.home)


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def objects(folder: Path) -> Iterator[Path]:
    yield from (path for path in (folder / "objects").rglob("*") if path.is_file())


def test_the_next_night_of_a_restored_home_has_the_bytes_of_the_original(
    settings: Settings, home: Home, inbox: Path, tmp_path: Path
) -> None:
    back_up(settings, tmp_path / "kept", with_keys=True)
    restore(tmp_path / "kept", tmp_path / "new")
    for place in (home.root, tmp_path / "new"):
        steps.run_night(settings_of(place, inbox), NIGHTS[2])
    assert different(home.root, tmp_path / "new") == []


def test_a_second_backup_holds_only_what_is_new(settings: Settings, home: Home, tmp_path: Path) -> None:
    first = back_up(settings, tmp_path / "kept")
    (home.answers / "one.csv").write_text("new", encoding="utf-8")
    second = back_up(settings, tmp_path / "kept")
    assert (second.files, second.new_files, second.new_bytes) == (first.files + 1, 1, 3)
    assert [path.name for path in snapshots(tmp_path / "kept")] == ["2026-11-19.1.json", "2026-11-19.2.json"]


def test_what_can_be_made_anew_and_the_keys_are_left_out(settings: Settings, home: Home, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "kept")
    kept = set(read_snapshot(tmp_path / "kept")["files"])
    assert names(home.root) - kept == {".lock", "landing/hashes.json", "published/warehouse.duckdb"} | KEYS


def test_a_home_restored_without_its_keys_waits_for_them(settings: Settings, home: Home, inbox: Path, tmp_path: Path) -> None:
    """With a new key, no list in the field could be answered any more."""
    back_up(settings, tmp_path / "kept")
    place = tmp_path / "new"
    restore(tmp_path / "kept", place)
    restored = settings.model_copy(update={"home": place})
    with pytest.raises(UsageError, match=r"(?s)缺密钥.*audit\.key.*token\.key"):
        steps.run_night(restored, NIGHTS[2])
    shutil.copytree(home.keys, place / "keys", dirs_exist_ok=True)
    assert steps.run_night(restored, NIGHTS[1])["as_of"] == str(NIGHTS[1])
    assert not (place / "keys" / "expected.json").exists(), "once they are back, nothing is waited for"


def test_the_key_of_another_installation_is_not_taken_for_the_lost_one(settings: Settings, home: Home, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "kept")
    place = tmp_path / "new"
    restore(tmp_path / "kept", place)
    shutil.copytree(home.keys, place / "keys", dirs_exist_ok=True)
    (place / "keys" / "token.key").write_text("11" * 32 + "\n", encoding="ascii")
    with pytest.raises(UsageError, match=r"token\.key:是另一个密钥"):
        steps.run_night(settings.model_copy(update={"home": place}), NIGHTS[1])
    with pytest.raises(UsageError, match=r"token\.key:是另一个密钥"):
        token_key(place / "keys")


def test_a_restored_home_knows_its_encryption_key_without_its_other_keys(settings: Settings, tmp_path: Path) -> None:
    """Otherwise it would take the right key for one set for a clear home, and a night without a key for a good one."""
    key = HomeKey(bytes(32))
    write_encryption(settings.home, Encryption(check_of(key)))
    back_up(settings, tmp_path / "kept")
    restore(tmp_path / "kept", tmp_path / "new")
    restored = encryption_of(tmp_path / "new").key
    assert restored
    assert restored.fits(key)


def test_a_content_that_went_bad_in_the_backup_is_copied_anew_and_it_is_said(settings: Settings, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "kept")
    sha256 = read_snapshot(tmp_path / "kept")["files"]["runs/2026-11-18/hits.parquet"]["sha256"]
    victim = next(path for path in objects(tmp_path / "kept") if path.name == sha256)
    content = victim.read_bytes()
    victim.write_bytes(bytes([content[0] ^ 1]) + content[1:])
    said = CliRunner().invoke(app, ["backup", "--home", str(settings.home), "--to", str(tmp_path / "kept")])
    assert "1个内容在备份目录里已经损坏,这次重新存好" in said.output
    assert victim.read_bytes() == content
    assert restore(tmp_path / "kept", tmp_path / "new")
    assert back_up(settings, tmp_path / "kept").mended == 0


@pytest.mark.parametrize("damage", [b"", b"other bytes", None], ids=["emptied", "changed", "lost"])
def test_a_damaged_backup_is_refused_and_the_file_named(settings: Settings, tmp_path: Path, damage: bytes | None) -> None:
    back_up(settings, tmp_path / "kept")
    sha256 = read_snapshot(tmp_path / "kept")["files"]["runs/2026-11-18/hits.parquet"]["sha256"]
    victim = next(path for path in objects(tmp_path / "kept") if path.name == sha256)
    victim.unlink() if damage is None else victim.write_bytes(damage)
    with pytest.raises(Damaged, match=r"runs/2026-11-18/hits\.parquet"):
        restore(tmp_path / "kept", tmp_path / "new")
    assert not (tmp_path / "new").exists()
    assert not list(tmp_path.glob(".new*"))


def test_a_list_of_files_that_was_changed_is_refused(settings: Settings, tmp_path: Path) -> None:
    snapshot = back_up(settings, tmp_path / "kept").snapshot
    snapshot.write_bytes(snapshot.read_bytes().replace(b"hits", b"hots"))
    with pytest.raises(Damaged, match="2026-11-19"):
        restore(tmp_path / "kept", tmp_path / "new")


def test_a_damaged_home_is_not_backed_up(settings: Settings, home: Home, tmp_path: Path) -> None:
    path = home.runs / "2026-11-18" / "cases.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(Damaged, match=r"2026-11-18/cases\.parquet"):
        back_up(settings, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("left", [None, b'{"as_of": '])
def test_a_home_with_a_lost_or_damaged_manifest_is_not_backed_up(
    settings: Settings, home: Home, tmp_path: Path, left: bytes | None
) -> None:
    path = home.runs / str(NIGHTS[0]) / MANIFEST
    path.unlink() if left is None else path.write_bytes(left)
    with pytest.raises(Damaged, match=f"{NIGHTS[0]}/manifest.json.*从备份恢复"):
        back_up(settings, tmp_path / "kept")
    assert not (tmp_path / "kept").exists()


def test_a_night_whose_manifest_is_gone_can_be_run_again(home: Home, inbox: Path) -> None:
    (home.runs / str(NIGHTS[1]) / MANIFEST).unlink()
    assert steps.run_night(settings_of(home.root, inbox), NIGHTS[1])["as_of"] == str(NIGHTS[1])
    assert home.runs_without_manifest() == []


@pytest.mark.parametrize("name", ["person", "facts_household"])
def test_people_may_be_absent_only_from_nights_that_retention_let_go_of(
    settings: Settings, home: Home, name: str, tmp_path: Path
) -> None:
    release(home, settings.model_copy(update={"keep_nights": 1, "keep_months": 0}))
    assert not (home.runs / "2026-11-18" / f"{name}.parquet").exists()
    assert back_up(settings, tmp_path / "kept").files, "who keeps more nights since gets none back that is gone"
    (home.runs / "2026-11-19" / f"{name}.parquet").unlink()
    with pytest.raises(Damaged, match=rf"2026-11-19/{name}\.parquet:文件不见了"):
        back_up(settings, tmp_path / "kept")


def test_a_list_that_an_office_filled_in_where_it_lies_is_backed_up_as_it_is(
    settings: Settings, home: Home, tmp_path: Path
) -> None:
    path = next((home.outbox / "2026-11-19").rglob("*.csv"))
    path.write_bytes(b"filled in")
    back_up(settings, tmp_path / "kept", with_keys=True)
    restore(tmp_path / "kept", tmp_path / "new")
    assert (tmp_path / "new" / path.relative_to(home.root)).read_bytes() == b"filled in"


def test_nothing_is_restored_over_a_home(settings: Settings, home: Home, tmp_path: Path) -> None:
    back_up(settings, tmp_path / "kept")
    before = names(home.root)
    with pytest.raises(UsageError, match="不是空目录"):
        restore(tmp_path / "kept", home.root)
    assert names(home.root) == before


def test_a_backup_waits_for_no_night_and_lies_in_no_home(settings: Settings, home: Home, tmp_path: Path) -> None:
    with home.locked(), pytest.raises(NightIsRunning):
        back_up(settings, tmp_path / "kept")
    with pytest.raises(UsageError, match="工作目录之内"):
        back_up(settings, home.root / "kept")


def test_a_path_that_leads_out_of_the_home_is_not_followed(home: Home, tmp_path: Path) -> None:
    from monitor.backup import _copy_out

    with pytest.raises(Damaged, match="之外"):
        _copy_out(tmp_path, tmp_path / "new", {"../../out": {"sha256": "0" * 64, "bytes": 0, "mode": 0o600}})


def test_old_backups_go_with_what_only_they_need(settings: Settings, home: Home, tmp_path: Path) -> None:
    extra = home.answers / "one.csv"
    extra.write_text("passing", encoding="utf-8")
    back_up(settings, tmp_path / "kept")
    before = len(list(objects(tmp_path / "kept")))
    extra.unlink()
    assert back_up(settings, tmp_path / "kept", keep=1).forgotten == 1
    assert len(list(objects(tmp_path / "kept"))) == before - 1
    assert restore(tmp_path / "kept", tmp_path / "new")


def test_both_commands_say_where_the_keys_are_to_come_from(home: Home, tmp_path: Path) -> None:
    run = CliRunner().invoke
    made = run(app, ["backup", "--home", str(home.root), "--to", str(tmp_path / "kept")])
    assert (made.exit_code, str(home.keys) in made.output) == (0, True)
    back = run(app, ["restore", str(tmp_path / "kept"), "--home", str(tmp_path / "new")])
    assert (back.exit_code, str(tmp_path / "new" / "keys") in back.output) == (0, True)
