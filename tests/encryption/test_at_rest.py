"""With a key nobody stands in clear on the disk: not at rest, not while the night runs, not when it is killed."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from locked import FIRST, OTHER, SECRET, Homes, bytes_below, key_file, people_of, settings_of, told_in, traces

from monitor import steps
from monitor.encryption import HomeKey, sealed
from monitor.errors import UsageError
from monitor.settings import Settings
from monitor.sources import landing
from monitor.store import connect, write_parquet

# what ends a night in the middle of a step, with its database open
_KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
sys.path.insert(0, {tests!r})
from locked import settings_of
from monitor import facts, steps
facts.write_facts = lambda *given: os.kill(os.getpid(), signal.SIGKILL)
key = Path({key!r}) if {key!r} else None
steps.run_night(settings_of(Path({home!r}), Path({inbox!r}), key), date(2026, 11, 19))
"""


@pytest.fixture(scope="module")
def wanted(homes: Homes) -> list[bytes]:
    return traces(people_of(settings_of(homes.clear, homes.inbox, None), homes.clear / "runs" / FIRST.isoformat()))


def test_a_home_with_a_key_shows_nobody_and_opens_to_nobody_without_it(homes: Homes, wanted: list[bytes]) -> None:
    assert told_in(homes.locked, wanted) == []
    files = sorted(homes.locked.rglob("*.parquet"))
    assert len(files) > 50
    assert {path.read_bytes()[:4] + path.read_bytes()[-4:] for path in files} == {b"PAREPARE"}
    for path in files:
        with pytest.raises(duckdb.InvalidInputException, match="is encrypted"):
            duckdb.connect().execute(f"from read_parquet('{path}')")


@pytest.mark.parametrize("with_key", [False, True], ids=["clear", "key"])
def test_between_the_steps_of_a_night_people_stand_in_clear_only_without_a_key(
    homes: Homes, wanted: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_key: bool
) -> None:
    monkeypatch.setattr(landing, "shutil", SimpleNamespace(rmtree=lambda *_, **__: None))  # unpacked copies stay
    settings = settings_of(tmp_path / "home", homes.inbox, key_file(tmp_path / "key") if with_key else None)
    with steps.home_held(settings, new=True):
        steps.begin(settings, FIRST)
        told = {}
        for name, verb in steps.STEPS if with_key else steps.STEPS[:3]:
            verb(settings, FIRST)
            told[name] = told_in(settings.home, wanted)
    if with_key:
        assert not any(told.values())
    else:
        assert {Path(path).name for path in told["land"]} >= {"utf8.csv"}, "the hunt must be able to find"
        assert any(path.endswith("work.duckdb") for path in told["build"])


def test_a_night_killed_in_the_middle_of_a_step_leaves_nobody_in_clear(
    homes: Homes, wanted: list[bytes], tmp_path: Path
) -> None:
    key = key_file(tmp_path / "key")
    program = _KILLED.format(
        tests=str(Path(__file__).parent), key=str(key), home=str(tmp_path / "home"), inbox=str(homes.inbox)
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr[-1500:]
    work = tmp_path / "home/runs/.building-2026-11-19/work/work.duckdb"
    assert work.stat().st_size > 2**20
    assert told_in(tmp_path / "home", wanted) == []
    with pytest.raises(duckdb.Error, match=r"encrypted database|without a key"):
        duckdb.connect(str(work), read_only=True)


@pytest.mark.parametrize("with_key", [False, True], ids=["clear", "key"])
def test_what_does_not_fit_into_memory_spills_in_clear_only_without_a_key(tmp_path: Path, with_key: bool) -> None:
    settings = settings_of(tmp_path / "home", tmp_path, key_file(tmp_path / "key") if with_key else None)
    spill, planted = tmp_path / "spill", b"990101190001011234"
    with connect(None, settings, spill=spill) as connection:
        connection.execute("set memory_limit = '40MB'")
        connection.execute(
            f"create temp table t as select '{planted.decode()}' || hash(i) || hash(-i) as c from range(1500000) as r(i)"
        )
        files = [path for path in spill.rglob("*") if path.is_file()]
        assert sum(path.stat().st_size for path in files) > 2**20
        assert any(planted in path.read_bytes() for path in files) is not with_key


@pytest.mark.parametrize("with_key", [False, True], ids=["clear", "key"])
def test_a_returned_file_is_copied_in_clear_only_without_a_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_key: bool
) -> None:
    from monitor.answers.sheets import read_returned

    kept = tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setattr("monitor.answers.sheets.tempfile.TemporaryDirectory", lambda **_: _Kept(kept))
    path = tmp_path / "a.csv"
    path.write_text("工单编号,核查结果,备注\nV1,属实,张三丰说明\n", encoding="gb18030")
    returned = read_returned(path, tmp_path, sealed=with_key)
    assert returned.tables[0].cells.item(1, 2) == "张三丰说明"
    copies = [one.read_bytes() for one in kept.iterdir()]
    assert len(copies) == 1
    assert ("张三丰".encode() in copies[0]) is not with_key


class _Kept:
    """A temporary folder that stays."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> str:
        return str(self.folder)

    def __exit__(self, *_: object) -> None:
        pass


def test_a_key_changes_no_result(homes: Homes) -> None:
    lists = bytes_below(homes.clear, "outbox")
    assert lists
    assert bytes_below(homes.locked, "outbox") == lists
    clear, locked = (settings_of(homes.clear, homes.inbox, None), settings_of(homes.locked, homes.inbox, homes.key))
    names = sorted(path.name for path in (homes.clear / "runs" / FIRST.isoformat()).glob("*.parquet"))
    for name in names:
        assert _rows(locked, homes.locked, name) == _rows(clear, homes.clear, name), name
    analysts = [
        [sorted(duckdb.connect(str(home / "published/warehouse.duckdb"), read_only=True).execute(f"from {table}").fetchall())
         for table in ("hit", "case_history", "person")]
        for home in (homes.clear, homes.locked)
    ]  # fmt: skip
    assert analysts[0] == analysts[1]


def _rows(settings: Settings, home: Path, name: str) -> str:
    from monitor.store import stored

    with connect(None, settings) as connection:
        return str(connection.execute(f"from {stored(home / 'runs' / FIRST.isoformat() / name)}").fetchall())


def test_what_a_night_writes_belongs_to_its_owner_alone(homes: Homes) -> None:
    for part in ("landing", "runs", "outbox", "keys"):
        for path in (homes.locked / part, *(homes.locked / part).rglob("*")):
            allowed = 0o700 if path.is_dir() else 0o600
            if path.name != "token.key":  # the test put it there
                assert stat.S_IMODE(path.stat().st_mode) & ~allowed == 0, path.relative_to(homes.locked)
    assert stat.S_IMODE((homes.locked / "published").stat().st_mode) == 0o750
    assert stat.S_IMODE((homes.locked / "published/warehouse.duckdb").stat().st_mode) == 0o640


def test_the_key_that_makes_tokens_is_locked_too_and_makes_the_same_tokens(homes: Homes) -> None:
    text = (homes.locked / "keys/token.key").read_text(encoding="ascii")
    assert text.startswith("locked:")
    assert "00" * 32 not in text


def test_the_extension_that_encrypts_reaches_no_network(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", tmp_path, key_file(tmp_path / "key"))
    with connect(None, settings) as connection:
        for address in ("http://127.0.0.1:9/x", "https://127.0.0.1:9/x", "s3://bucket/x", "hf://datasets/a/b"):
            with pytest.raises(duckdb.PermissionException, match="disabled"):
                connection.execute(f"from read_text('{address}')")
        loaded = connection.execute(
            "select extension_name from duckdb_extensions() where loaded and install_mode <> 'STATICALLY_LINKED'"
        )
        assert loaded.fetchall() == [("httpfs",)]


def test_a_working_database_of_another_key_is_refused_without_telling_a_key(tmp_path: Path) -> None:
    path = tmp_path / "work.duckdb"
    for name, secret in (("one", SECRET), ("other", OTHER)):
        settings = settings_of(tmp_path / "home", tmp_path, key_file(tmp_path / name, secret))
        if name == "one":
            connect(path, settings).close()
            continue
        with pytest.raises(UsageError, match=r"work\.duckdb") as refused:
            connect(path, settings)
        assert refused.value.__cause__ is None
        assert b64encode(HomeKey(bytes.fromhex(OTHER)).part("database")).decode() not in str(refused.value)


def test_an_encrypted_file_tells_nothing_of_its_columns(tmp_path: Path) -> None:
    settings = settings_of(tmp_path / "home", tmp_path, key_file(tmp_path / "key"))
    with connect(None, settings) as connection:
        write_parquet(connection, "select 'w' || (i % 7) as planted_column from range(1000) as r(i)", tmp_path / "x.parquet")
    content = (tmp_path / "x.parquet").read_bytes()
    assert b"planted_column" not in content
    assert b"DuckDB" not in content


@pytest.mark.parametrize("size", [0, 1, 2**20 - 1, 2**20, 2**20 + 1, 2**21 + 5])
def test_a_sealed_file_gives_back_what_was_written_at_any_place(tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    path = sealed.temporary(tmp_path / "x.csv", sealed=True)
    with sealed.create(path) as file:
        for start in range(0, size, 700_001):
            file.write(content[start : start + 700_001])
    assert sealed.size_of(path) == size
    with sealed.opened(path) as file:
        assert file.read() == content
        for place in (size // 2, size - 1, 0):
            file.seek(max(place, 0))
            assert file.read(10) == content[max(place, 0) : max(place, 0) + 10]


def test_a_sealed_file_that_was_changed_cut_or_made_elsewhere_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.csv.sealed"
    with sealed.create(path) as file:
        file.write(bytes(2**20 + 100))
    whole = path.read_bytes()
    for spoilt in (whole[:-1], whole[: 16 + 2**20 + 16], whole[:40] + b"x" + whole[41:]):
        path.write_bytes(spoilt)
        with pytest.raises(OSError, match="sealed file"), sealed.opened(path) as file:
            file.read()
    path.write_bytes(whole)
    monkeypatch.setattr(sealed, "_OF_THIS_PROCESS", bytes(32))
    with pytest.raises(OSError, match="another process"), sealed.opened(path) as file:
        file.read()
