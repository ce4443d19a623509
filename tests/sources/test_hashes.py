"""A delivered file is hashed once, and again whenever it could be another one."""

from __future__ import annotations

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.sources import hashes

OLD = 1_700_000_000 * 10**9


@pytest.fixture
def hash_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Hashes both files of the folder and returns the names of those that were read; the clock of the note is far ahead."""
    (tmp_path / "inbox").mkdir()
    for name in ("a.csv", "b.csv"):
        (tmp_path / "inbox" / name).write_text(name)
    note = tmp_path / "hashes.json"
    read: list[str] = []
    truly = hashes.sha256_of

    def noting(path: Path) -> str:
        read.append(path.name)
        return truly(path)

    monkeypatch.setattr(hashes, "sha256_of", noting)

    def run() -> list[str]:
        read.clear()
        paths = sorted((tmp_path / "inbox").iterdir())
        assert hashes.hashed(paths, note, 2) == [sha256(path.read_bytes()).hexdigest() for path in paths]
        ahead = note.stat().st_mtime_ns + 10 * 10**9
        os.utime(note, ns=(ahead, ahead))
        return sorted(read)

    return run


def test_an_untouched_file_is_not_read_again(hash_all: Callable[[], list[str]]) -> None:
    assert hash_all() == ["a.csv", "b.csv"]
    assert hash_all() == []


def test_other_content_of_the_same_size_and_date_is_read_again(hash_all: Callable[[], list[str]], tmp_path: Path) -> None:
    path = tmp_path / "inbox" / "a.csv"
    os.utime(path, ns=(OLD, OLD))
    hash_all()
    path.write_text("A.csv")
    os.utime(path, ns=(OLD, OLD))
    assert hash_all() == ["a.csv"]


def test_a_file_put_in_the_place_of_another_is_read_again(hash_all: Callable[[], list[str]], tmp_path: Path) -> None:
    hash_all()
    other = tmp_path / "other"
    other.write_text("A.csv")
    other.rename(tmp_path / "inbox" / "a.csv")
    assert hash_all() == ["a.csv"]


def test_a_file_that_changed_about_when_the_note_was_written_is_not_trusted(tmp_path: Path) -> None:
    path, note = tmp_path / "a.csv", tmp_path / "hashes.json"
    path.write_text("a")
    hashes.hashed([path], note, 1)
    state = [*hashes._state(path), "0" * 64]
    hashes._write(note, {str(path): state})
    assert hashes.hashed([path], note, 1) == [sha256(b"a").hexdigest()]


@pytest.mark.parametrize("damage", ["", "[]", "{", "\x00"])
def test_a_damaged_note_only_costs_time(hash_all: Callable[[], list[str]], tmp_path: Path, damage: str) -> None:
    hash_all()
    (tmp_path / "hashes.json").write_text(damage)
    assert hash_all() == ["a.csv", "b.csv"]
