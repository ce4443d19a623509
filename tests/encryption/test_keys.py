"""A key is made, asked for, refused and changed; a crash while it changes loses nothing."""

from __future__ import annotations

import csv
import json
from hashlib import sha256
from pathlib import Path

import pytest
from locked import FIRST, LAST, OTHER, SECRET, Homes, bytes_below, key_file, settings_of
from typer.testing import CliRunner

from monitor import rekey, steps
from monitor.answers import collect
from monitor.cli import app
from monitor.encryption import HomeKey, key_of, must_fit
from monitor.encryption.check import check_of, encryption_of
from monitor.encryption.key import write_new_key
from monitor.errors import MonitorError, UsageError
from monitor.privacy import token, token_key
from monitor.run import Home
from monitor.settings import Settings, load_settings
from monitor.store import connect, stored

OLD, NEW = HomeKey(bytes.fromhex(SECRET)), HomeKey(bytes.fromhex(OTHER))


def silent(*_: object) -> None:
    """Nobody looks."""


def everything(home: Path) -> dict[str, bytes]:
    return bytes_below(home, "landing", "runs", "keys", "outbox", "published")


def hashes_of(home: Path) -> dict[str, dict[str, str]]:
    """What the manifests say of the files of their runs."""
    told = {p: json.loads(p.read_text(encoding="utf-8"))["outputs"] for p in sorted((home / "runs").rglob("manifest.json"))}
    return {path.parent.name: {name: one["sha256"] for name, one in files.items()} for path, files in told.items()}


def run_again(settings: Settings) -> str:
    """The refusal of a night; the home must be as it was."""
    before = everything(settings.home)
    with pytest.raises(UsageError) as refused:
        steps.run_night(settings, LAST, again=True)
    assert refused.value.exit_code == 2
    assert everything(settings.home) == before
    return str(refused.value)


def test_a_missing_and_a_wrong_key_are_refused_before_anything_is_written(homes: Homes, tmp_path: Path) -> None:
    missing = run_again(settings_of(homes.locked, homes.inbox, None))
    wrong = run_again(settings_of(homes.locked, homes.inbox, key_file(tmp_path / "other.key", OTHER)))
    assert "没有给密钥" in missing
    assert "密钥不对" in wrong
    assert OLD.mark in wrong
    assert NEW.mark in wrong
    assert SECRET not in wrong + missing
    assert OTHER not in wrong


def test_a_key_is_not_taken_for_a_home_that_is_clear(homes: Homes) -> None:
    assert "monitor keys encrypt" in run_again(settings_of(homes.clear, homes.inbox, homes.key))


def test_a_night_on_spark_is_refused_with_a_key(homes: Homes) -> None:
    assert "Spark" in run_again(settings_of(homes.locked, homes.inbox, homes.key).model_copy(update={"engine": "spark"}))


def test_an_encrypted_home_made_clear_is_what_it_would_have_been_without_a_key(homes: Homes, locked_home: Path) -> None:
    settings = settings_of(locked_home, homes.inbox, homes.key)
    rekey.rekey(settings, OLD, None, silent)
    must_fit(settings_of(locked_home, homes.inbox, None))
    clear, made = (bytes_below(home, "landing", "runs") for home in (homes.clear, locked_home))
    assert made.keys() == clear.keys()
    same = [name for name in made if name.endswith(".parquet") or name.startswith("landing/")]
    assert [name for name in same if made[name] != clear[name]] == []
    assert hashes_of(locked_home) == hashes_of(homes.clear)
    assert rekey.count_stored(Home(locked_home)).encrypted == 0


def test_a_clear_home_is_encrypted_and_the_next_night_goes_on(homes: Homes, clear_home: Path) -> None:
    settings = settings_of(clear_home, homes.inbox, homes.key)
    tokens = token_key(clear_home / "keys")
    assert rekey.rekey(settings, None, OLD, silent) > 50
    assert rekey.count_stored(Home(clear_home)).clear == 0
    assert token_key(clear_home / "keys", OLD) == tokens
    folder = clear_home / "runs" / FIRST.isoformat()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["outputs"]["cases.parquet"]["sha256"] == sha256((folder / "cases.parquet").read_bytes()).hexdigest()
    assert steps.publish.is_current(Home(clear_home), settings), "the analyst file need not be made anew"
    following = steps.run_night(settings, LAST)
    assert following["previous"] == manifest["run_id"]
    assert rekey.count_stored(Home(clear_home)).clear == 0


def test_answers_collected_under_one_key_are_read_under_the_next(homes: Homes, locked_home: Path, tmp_path: Path) -> None:
    settings = settings_of(locked_home, homes.inbox, homes.key)
    returned = locked_home / "answers" / "list.csv"
    returned.write_text(_answered(locked_home), encoding="utf-8-sig")
    assert collect(settings)[0].landed.answered == 1
    returned.unlink()  # as docs/encryption.md allows
    rekey.rekey(settings, OLD, NEW, silent)
    new = settings_of(locked_home, homes.inbox, key_file(tmp_path / "new.key", OTHER))
    landed_before = {path: path.stat().st_mtime_ns for path in (locked_home / "landing").rglob("*2026111*.parquet")}
    steps.run_night(new, LAST)
    ledger = stored(locked_home / "runs" / LAST.isoformat() / "ledger.parquet")
    with connect(None, new) as connection:
        assert connection.execute(f"select loaded from {ledger} where extract = 'field_verification'").fetchall() == [(1,)]
    assert {path: path.stat().st_mtime_ns for path in landed_before} == landed_before, "no delivery was read again"


def _answered(home: Path) -> str:
    """The first list that went out, its first visit answered."""
    for path in sorted((home / "outbox").rglob("[0-9]*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as handle:
            rows = list(csv.DictReader(handle))
        row = next((row for row in rows if row.get("工单编号", "").startswith("V")), None)
        if row:
            return f"工单编号,核查结果,核查日期,核验码\n{row['工单编号']},属实-已纳入,{LAST},{row['核验码']}\n"
    raise AssertionError("no list holds a visit")


def test_damaged_answers_stop_a_change_of_key_and_a_damaged_landing_is_read_again(homes: Homes, clear_home: Path) -> None:
    settings = settings_of(clear_home, homes.inbox, homes.key)
    proof = next(path for path in sorted((clear_home / "landing/psb_resident").glob("*.json")) if "." not in path.stem)
    proof.with_suffix(".parquet").write_bytes(proof.with_suffix(".parquet").read_bytes() + b"PAR1")
    answers = clear_home / "landing" / "field_verification" / "20261120-00.json"
    answers.parent.mkdir()
    answers.write_text(json.dumps({"content": "00"}), encoding="utf-8")
    before = everything(clear_home)
    with pytest.raises(UsageError, match=answers.name):
        rekey.rekey(settings, None, OLD, silent)
    assert everything(clear_home) == before
    answers.write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match=answers.name):
        rekey.rekey(settings, None, OLD, silent)
    answers.unlink()
    with pytest.raises(UsageError, match=r"\.parquet"):  # it cannot be read; but for that it would be written with the key
        rekey.rekey(settings, None, OLD, silent)
    assert not proof.exists()


@pytest.mark.parametrize("after", [0, 1, 30, "manifests"])
def test_a_change_of_key_killed_anywhere_is_finished_by_the_same_call(
    homes: Homes, locked_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int | str
) -> None:
    settings = settings_of(locked_home, homes.inbox, homes.key)
    name = "_tell_anew" if after == "manifests" else "_rewritten"
    whole, done = getattr(rekey, name), 0

    def dies(*given: object) -> object:
        nonlocal done
        done += 1
        if done > (0 if after == "manifests" else int(after)):
            raise KeyboardInterrupt
        return whole(*given)

    monkeypatch.setattr(rekey, name, dies)
    with pytest.raises(KeyboardInterrupt):
        rekey.rekey(settings, OLD, NEW, silent)
    monkeypatch.setattr(rekey, name, whole)
    new = settings_of(locked_home, homes.inbox, key_file(tmp_path / "new.key", OTHER))
    for key in (settings, new):
        with pytest.raises(UsageError, match="正在换密钥"):
            must_fit(key)
    with pytest.raises(UsageError, match="不能改换别的"):
        rekey.rekey(settings, OLD, None, silent)
    written = rekey.rekey(settings, OLD, NEW, silent)
    assert written == (0 if after == "manifests" else len(rekey.stored_files(Home(locked_home))) - int(after))
    must_fit(new)
    assert "密钥不对" in run_again(settings)
    rekey.rekey(new, NEW, None, silent)  # every file opens with the new key
    clear = bytes_below(homes.clear, "landing", "runs")
    assert [n for n, b in bytes_below(locked_home, "landing", "runs").items() if n.endswith("parquet") and b != clear[n]] == []


def test_a_file_of_another_key_stops_the_change_and_is_named(homes: Homes, locked_home: Path) -> None:
    settings = settings_of(locked_home, homes.inbox, homes.key)
    path = rekey.stored_files(Home(locked_home))[0]
    path.write_bytes(path.read_bytes()[:-60] + bytes(56) + b"PARE")
    with pytest.raises(MonitorError, match=path.name):
        rekey.rekey(settings, OLD, NEW, silent)
    assert path.is_file()


def test_what_a_killed_night_left_is_not_carried_into_the_new_key(homes: Homes, locked_home: Path) -> None:
    left = [
        locked_home / "runs/.building-2026-11-21/work/work.duckdb",
        locked_home / "runs/.reading-x/utf8.csv",
        locked_home / f"landing/x/.y.parquet.{'0' * 32}",
    ]
    for path in left:
        path.parent.mkdir(parents=True)
        path.write_bytes(b"made with the old key")
    rekey.rekey(settings_of(locked_home, homes.inbox, homes.key), OLD, NEW, silent)
    assert not any(path.exists() for path in left)


def test_the_commands_make_a_key_encrypt_rotate_and_decrypt(
    homes: Homes, clear_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def command(*words: str) -> str:
        done = CliRunner().invoke(app, ["keys", *words, "--home", str(clear_home)], catch_exceptions=False)
        return done.output

    first, second = tmp_path / "first.key", tmp_path / "second.key"
    for file in (first, second):
        assert CliRunner().invoke(app, ["keys", "new", str(file)]).exit_code == 0
        assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(UsageError, match="没有给密钥"):
        command("encrypt")
    monkeypatch.setenv("MONITOR_ENCRYPTION_KEY_FILE", str(first))
    assert "加密" in command("encrypt")
    assert "明文 0 个" in command("status")
    command("rotate", "--to", str(second))
    with pytest.raises(UsageError, match="密钥不对"):
        command("status")
    monkeypatch.delenv("MONITOR_ENCRYPTION_KEY_FILE")
    monkeypatch.setenv("MONITOR_ENCRYPTION_KEY", second.read_text(encoding="ascii").strip())
    with pytest.raises(UsageError, match="--yes"):
        command("decrypt")
    assert "没有加密" in command("decrypt", "--yes")
    assert encryption_of(clear_home).key is None


def test_the_readers_of_a_run_read_an_encrypted_one(homes: Homes, locked_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_ENCRYPTION_KEY_FILE", str(homes.key))
    number = next((locked_home / "outbox" / FIRST.isoformat()).rglob("*.csv")).read_text(encoding="utf-8-sig")
    case = next(word for word in number.replace('"', "").replace("\n", ",").split(",") if word[:1] in "VR" and "-2026" in word)
    wanted = case.split(".")[0]
    for words, shown in (
        (["progress"], "名单"),
        (["explain", wanted], wanted),
        (["indicators", "show", "EHD-008"], "EHD-008"),
        (["backtest", "EHD-008", "--from", FIRST.isoformat(), "--to", FIRST.isoformat()], FIRST.isoformat()),
        (["plan", "--set", "dibao_month_yuan=900"], "试算"),
    ):
        done = CliRunner().invoke(app, [*words, "--home", str(locked_home)], catch_exceptions=False)
        assert (done.exit_code, shown in done.output) == (0, True), (words, done.output[-500:])


def test_answers_collected_into_an_encrypted_home_are_encrypted(homes: Homes, locked_home: Path) -> None:
    from monitor.answers import collect

    settings = settings_of(locked_home, homes.inbox, homes.key)
    listed = max((locked_home / "outbox" / FIRST.isoformat()).rglob("[0-9]*.csv"), key=lambda path: path.stat().st_size)
    header, *rows = listed.read_text(encoding="utf-8-sig").splitlines()
    answer = [name.strip('"') for name in header.split(",")].index("核查结果")
    cells = rows[0].split('","')
    cells[answer] = "属实-已转介"
    (locked_home / "answers/back.csv").write_text("\r\n".join([header, '","'.join(cells)]), encoding="gb18030")
    (collected,) = collect(settings)
    assert collected.landed.answered + collected.landed.quarantined == 1
    written = sorted((locked_home / "landing/field_verification").glob("*.parquet"))
    assert [path.read_bytes()[:4] for path in written] == [b"PARE"]


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        ("", 0o600, "0 个字符"),
        ("5e" * 31, 0o600, "62 个字符"),
        ("zz" * 32, 0o600, "64 个字符"),
        (SECRET, 0o644, "0644"),
        (SECRET, 0o620, "chmod 600"),
    ],
)
def test_a_key_that_is_none_or_lies_open_is_refused_and_not_repeated(
    tmp_path: Path, content: str, mode: int, said: str
) -> None:
    path = tmp_path / "k"
    path.write_text(content, encoding="ascii")
    path.chmod(mode)
    with pytest.raises(UsageError) as refused:
        key_of(settings_of(tmp_path / "home", tmp_path, path))
    assert said in str(refused.value)
    assert not content or content not in str(refused.value)


def test_a_key_may_not_lie_in_the_home_that_it_locks(tmp_path: Path) -> None:
    (tmp_path / "home/keys").mkdir(parents=True)
    with pytest.raises(UsageError, match="工作目录以外"):
        key_of(settings_of(tmp_path / "home", tmp_path, key_file(tmp_path / "home/keys/k")))


def test_a_key_may_not_stand_in_the_settings_file_nor_be_given_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "monitor.toml").write_text(f'encryption_key = "{SECRET}"\n', encoding="ascii")
    with pytest.raises(UsageError, match="密钥不能写在设置里") as refused:
        load_settings(tmp_path)
    assert SECRET not in str(refused.value)
    (tmp_path / "monitor.toml").write_text(f'encryption_key_file = "{key_file(tmp_path.parent / "k")}"\n', encoding="utf-8")
    monkeypatch.setenv("MONITOR_ENCRYPTION_KEY", SECRET)
    settings = load_settings(tmp_path)
    assert SECRET not in repr(settings)
    assert SECRET not in settings.model_dump_json()
    with pytest.raises(UsageError, match="只设一个"):
        key_of(settings)


def test_a_new_key_never_takes_the_place_of_another(tmp_path: Path) -> None:
    first = write_new_key(tmp_path / "k")
    with pytest.raises(UsageError, match="已有这个文件"):
        write_new_key(tmp_path / "k")
    assert key_of(settings_of(tmp_path / "home", tmp_path, tmp_path / "k")) == first
    assert write_new_key(tmp_path / "l") != first


def test_the_derivation_of_keys_and_tokens_is_pinned() -> None:
    """Homes encrypted today must open tomorrow, and analysts' tokens must stay: these values never change."""
    key = HomeKey(bytes(range(32)))
    assert key.mark == "6acb1ca6"
    assert key.part("parquet").hex()[:16] == "c82c6fb0512f4e47"
    assert key.part("database").hex()[:16] == "4f13fd6bcee6e85e"
    assert token(bytes(range(32)), "990101198001010014") == "37a217e5ce9376669442f77c45b90b6e"
    assert repr(key) != repr(key.secret)
    assert key.secret.hex() not in repr(key)


def test_what_is_locked_opens_with_the_same_key_and_purpose_only() -> None:
    locked = OLD.lock("check", b"text")
    assert OLD.unlock("check", locked) == b"text"
    assert [OLD.unlock("token", locked), NEW.unlock("check", locked), OLD.unlock("check", locked[:-1])] == [None] * 3
    assert OLD.unlock("check", b"") is None
    check = check_of(OLD)
    assert check is not None
    assert (check.fits(OLD), check.fits(NEW), check.fits(None)) == (True, False, False)
