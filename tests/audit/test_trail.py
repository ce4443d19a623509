"""The trail is what was written, or `verify` says where it is not."""

import json
import multiprocessing
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from monitor import cli
from monitor.audit import Action, Head, anchor_for_manifest, read_trail, record, verify
from monitor.audit.entry import read_entry
from monitor.errors import TrailBroken

NIGHT = date(2026, 11, 20)
PATH = "audit/trail.jsonl"
Tampering = Callable[[list[bytes], int], list[bytes]]


def committed(home: Path, night: date) -> None:
    """A night that became real: its record, and its manifest with the anchor."""
    head = record(home, Action.RUN_COMMITTED, as_of=night, run_id="0123456789ab")
    run = home / "runs" / night.isoformat()
    run.mkdir(parents=True)
    (run / "manifest.json").write_text(json.dumps({"audit": anchor_for_manifest(home, night, head)}), encoding="utf-8")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("written")
    record(home, Action.RUN_BEGUN, as_of=NIGHT, deliveries=50)
    committed(home, NIGHT)
    record(home, Action.REVEALED, as_of=NIGHT, cases=["V530622-20261118-0001"])
    record(home, Action.EXPORTED, role="field", files=12)
    record(home, "collected", answers=3)
    return home


def first_found(home: Path, content: bytes) -> str:
    """Where the first thing that is wrong with this trail is found; empty when nothing is."""
    (home / PATH).write_bytes(content)
    findings = verify(home).findings
    return findings[0].where if findings else ""


def test_what_was_written_is_genuine(written: Path) -> None:
    verdict = verify(written)
    assert (verdict.records, verdict.nights, verdict.findings) == (5, 1, ())
    assert [one.action for one in read_trail(written)] == ["run_begun", "run_committed", "revealed", "exported", "collected"]


def test_a_changed_byte_is_found_in_its_record(written: Path, tmp_path: Path) -> None:
    home = shutil.copytree(written, tmp_path / "home")
    whole = (home / PATH).read_bytes()
    for place in range(0, len(whole), 7):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        record_number = whole[:place].count(b"\n") + 1
        assert first_found(home, changed) == f"第{record_number}条"


TAMPERINGS: dict[str, tuple[Tampering, int]] = {
    # what is done with record i, and how far behind i the first broken record lies
    "taken out": (lambda lines, i: lines[:i] + lines[i + 1 :], 0),
    "put in twice": (lambda lines, i: [*lines[: i + 1], lines[i], *lines[i + 1 :]], 1),
    "moved to the front": (lambda lines, i: [lines[i], *lines[:i], *lines[i + 1 :]] if i else [*lines[1:], lines[0]], 0),
    "cut off with all behind it": (lambda lines, i: lines[:i], 0),
    "made empty": (lambda lines, i: [*lines[:i], b"\n", *lines[i + 1 :]], 0),
    "made up": (lambda lines, i: [*lines[:i], b'{"action":"revealed"}\n', *lines[i:]], 0),
    "put in from another place": (lambda lines, i: [*lines[:i], lines[-1 - i], *lines[i + 1 :]] if i != 2 else lines[1:], 0),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_tampering_with_any_record_is_found(written: Path, tmp_path: Path, name: str) -> None:
    tamper, behind = TAMPERINGS[name]
    home = shutil.copytree(written, tmp_path / "home")
    lines = (home / PATH).read_bytes().splitlines(keepends=True)
    for place in range(len(lines)):
        where = first_found(home, b"".join(tamper(lines, place)))
        first = 1 if "moved" in name or (place == 2 and "another" in name) else place + 1 + behind
        assert where == f"第{first}条", (name, place)


def test_a_record_made_up_by_somebody_without_the_key_is_found(written: Path, tmp_path: Path) -> None:
    home = shutil.copytree(written, tmp_path / "home")
    lines = (home / PATH).read_bytes().splitlines(keepends=True)
    entry = read_entry(lines[2].strip())
    assert entry
    entry.what["cases"] = []
    assert first_found(home, b"".join([*lines[:2], entry.sealed(b"another key").line(), *lines[3:]])) == "第3条"


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_no_other_content_passes_for_the_trail(
    written: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Any mixture of records, pieces of records and rubbish."""
    home = tmp_path_factory.mktemp("mixture")
    shutil.copytree(written, home, dirs_exist_ok=True)
    whole = (home / PATH).read_bytes()
    pieces = st.sampled_from(whole.splitlines(keepends=True)) | st.binary(max_size=9) | st.just(whole[: len(whole) // 2])
    mixed = b"".join(data.draw(st.lists(pieces, max_size=7)))
    assert (first_found(home, mixed) == "") == (mixed == whole)


def test_an_end_cut_off_together_with_its_head_is_found_by_a_night_or_by_a_noted_head(written: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    record(home, Action.RUN_BEGUN, as_of=NIGHT)
    shutil.copytree(home / "audit", tmp_path / "old")
    committed(home, NIGHT)
    noted = verify(home).head
    shutil.rmtree(home / "audit")
    shutil.copytree(tmp_path / "old", home / "audit")
    assert [one.where for one in verify(home).findings] == ["第2条"]
    shutil.rmtree(home / "runs")
    assert verify(home).findings == ()
    assert [one.where for one in verify(home, noted).findings] == ["第2条"]


@pytest.mark.parametrize("goes_on", [False, True])
def test_going_on_after_a_cut_does_not_hide_it(written: Path, tmp_path: Path, goes_on: bool) -> None:
    home = shutil.copytree(written, tmp_path / "home")
    lines = (home / PATH).read_bytes().splitlines(keepends=True)
    (home / PATH).write_bytes(b"".join(lines[:3]))
    if goes_on:
        for _ in range(4):
            record(home, Action.COLLECTED, answers=1)
    assert [one.where for one in verify(home).findings] == ["第4条"]


@pytest.mark.parametrize("lost", [PATH, "audit/head.json", "keys/audit.key"])
def test_a_file_of_the_trail_that_is_gone_is_missed(written: Path, tmp_path: Path, lost: str) -> None:
    home = shutil.copytree(written, tmp_path / "home")
    (home / lost).unlink()
    assert [one.where for one in verify(home).findings] == [lost]


def test_a_night_that_lost_its_anchor_or_has_that_of_another_is_found(written: Path, tmp_path: Path) -> None:
    home = shutil.copytree(written, tmp_path / "home")
    manifest = home / "runs" / NIGHT.isoformat() / "manifest.json"
    anchor = json.loads(manifest.read_text())
    for changed in ({}, {"audit": anchor["audit"] | {"number": 1}}):
        manifest.write_text(json.dumps(changed), encoding="utf-8")
        assert [one.where for one in verify(home).findings] == [f"runs/{NIGHT}/manifest.json"]
    moved = home / "runs" / "2026-11-21"
    manifest.parent.rename(moved)
    (moved / "manifest.json").write_text(json.dumps(anchor), encoding="utf-8")
    assert [one.where for one in verify(home).findings] == ["runs/2026-11-21/manifest.json"]


def test_a_record_cut_off_by_a_crash_is_taken_away_and_told_by_the_next_one(tmp_path: Path) -> None:
    record(tmp_path, Action.RUN_BEGUN, as_of=NIGHT)
    next_home = shutil.copytree(tmp_path, tmp_path / "next")
    record(next_home, Action.RUN_ENDED, as_of=NIGHT)
    before, after = (tmp_path / PATH).read_bytes(), (next_home / PATH).read_bytes()
    for end in [*range(len(before) + 1, len(after), 40), len(after) - 1]:
        home = shutil.copytree(tmp_path, tmp_path.parent / f"torn-{end}", ignore=shutil.ignore_patterns("next"))
        (home / PATH).write_bytes(after[:end])
        record(home, Action.RUN_ENDED, as_of=NIGHT)
        verdict = verify(home)
        assert (verdict.records, verdict.repaired, verdict.findings) == (3, 1, ())
        shutil.rmtree(home)


def test_a_crash_between_record_and_head_leaves_a_genuine_trail(tmp_path: Path) -> None:
    record(tmp_path, Action.RUN_BEGUN, as_of=NIGHT)
    head = (tmp_path / "audit/head.json").read_bytes()
    record(tmp_path, Action.RUN_ENDED, as_of=NIGHT)
    (tmp_path / "audit/head.json").write_bytes(head)
    assert verify(tmp_path).findings == ()
    record(tmp_path, Action.RUN_BEGUN, as_of=NIGHT)
    assert (verify(tmp_path).records, verify(tmp_path).findings) == (3, ())


def _record_ten(home: Path, _: int) -> None:
    for number in range(10):
        record(home, Action.UI_OPENED, number=number)


def test_several_processes_write_one_chain(tmp_path: Path) -> None:
    processes = [multiprocessing.get_context("fork").Process(target=_record_ten, args=(tmp_path, n)) for n in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert (verify(tmp_path).records, verify(tmp_path).findings) == (40, ())


def test_no_id_and_no_phone_is_ever_recorded(tmp_path: Path) -> None:
    told = ["990000198001010015", "99000019800101001X", "990000800101001", "13900000000", "户 13900000000。"]
    record(tmp_path, Action.EXPORTED, to=tmp_path / "名单13900000000", said=told)
    content = (tmp_path / PATH).read_text(encoding="utf-8")
    assert not [secret for secret in ("9900001980", "990000800", "1390000") if secret in content]
    assert read_trail(tmp_path)[0].what["said"][:4] == ["***"] * 4
    with pytest.raises(TypeError, match="object"):
        record(tmp_path, Action.EXPORTED, rows=object())


def test_the_trail_is_closed_to_other_users(written: Path) -> None:
    assert (written / "audit").stat().st_mode & 0o077 == 0
    assert (written / PATH).stat().st_mode & 0o077 == 0
    assert (written / "keys/audit.key").stat().st_mode & 0o077 == 0


def test_a_link_in_the_place_of_the_trail_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "audit").mkdir()
    (tmp_path / PATH).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic"):
        record(tmp_path, Action.RUN_BEGUN)
    assert not (tmp_path / "elsewhere").exists()


def test_the_commands_show_and_verify(written: Path, tmp_path: Path) -> None:
    home = shutil.copytree(written, tmp_path / "home")

    def said(*words: str) -> tuple[BaseException | None, str]:
        done = CliRunner().invoke(cli.app, ["audit", *words, "--home", str(home)], env={"COLUMNS": "200"})
        return done.exception, done.output

    assert "查看身份信息" in said("show")[1]
    assert "collected" not in said("show", "--action", "revealed")[1]
    error, output = said("verify")
    assert (error, "5条记录完整" in output) == (None, True)
    number, seal = output.split("末条 ")[1].split("\n")[0].split(":")
    assert Head(int(number), seal) == verify(home).head
    record(home, Action.UI_OPENED)
    assert said("verify", "--head", f"{number}:{seal}")[0] is None
    content = (home / PATH).read_bytes()
    (home / PATH).write_bytes(content.replace(b'"role":"field"', b'"role":"analyst"'))
    error, _ = said("verify")
    assert isinstance(error, TrailBroken)
    assert (error.exit_code, error.faults[0].where) == (20, "第4条")
