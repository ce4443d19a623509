"""What can go wrong on a machine, one line a test: the last published night stays, and the next start recovers without hands.

| fault | what happens |
| --- | --- |
| disk full in the middle of a night | exit 15, nothing published changes; with room again the same bytes |
| disk can only be read | told, nothing published changes; writable again, the night runs |
| truncated delivery | refused with its reason, the one before stays in force, the night stands |
| corrupt Parquet delivered | the same |
| wrong encoding | the same |
| corrupt Parquet among what was landed | read again from the delivery, the same bytes |
| corrupt Parquet among collected answers | no night without them: told, and mended by collecting the file again |
| clock jumps by decades | the same bytes |
| Prefect's server dead | the flow ends in an error, the home is free, `monitor run` gives the same bytes |
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest
from disturbed import NIGHTS, Undisturbed, bytes_of, different, settings_of

from monitor import steps
from monitor.answers import collect, landed_answers
from monitor.errors import NightCannotStand, NoRoom, UsageError
from monitor.run import Home
from monitor.settings import Settings

ROOT = Path(__file__).parents[2]
THIRD = NIGHTS[2]
Mounted = Callable[[str], None]


@pytest.fixture(scope="module")
def third(undisturbed: Undisturbed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home after its third night, undisturbed."""
    settings = undisturbed.copy(tmp_path_factory.mktemp("third") / "home")
    steps.run_night(settings, THIRD)
    return settings.home


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[tuple[Path, Mounted]]:
    """A disk of its own, and what mounts it again otherwise."""
    place = tmp_path / "disk"
    place.mkdir()

    def mounted(options: str) -> None:
        subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], check=True, capture_output=True)

    try:
        mounted("size=256m")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("mounting a file system in memory needs root and the permission to mount")
    try:
        yield place, mounted
    finally:
        subprocess.run(["umount", "-l", place], check=False, capture_output=True)


def bytes_below(folder: Path) -> int:
    return sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())


def test_a_disk_that_is_full_in_the_middle_of_a_night(
    undisturbed: Undisturbed, third: Path, disk: tuple[Path, Mounted], monkeypatch: pytest.MonkeyPatch
) -> None:
    place, mounted = disk
    settings = undisturbed.copy(place / "home")
    before = bytes_of(settings.home)
    monkeypatch.setattr(steps, "check_room", lambda *_, **__: 0)  # it would have said so before the night began
    mounted(f"remount,size={bytes_below(place) // 1024 + 3_000}k")
    with pytest.raises(NoRoom, match="写满"):
        steps.run_night(settings, THIRD)
    assert bytes_of(settings.home) == before
    mounted("remount,size=256m")
    steps.run_night(settings, THIRD)
    assert different(settings.home, third) == []


def test_a_disk_that_can_only_be_read(undisturbed: Undisturbed, disk: tuple[Path, Mounted]) -> None:
    place, mounted = disk
    settings = undisturbed.copy(place / "home")
    before = bytes_of(settings.home)
    mounted("remount,ro")
    with pytest.raises(UsageError, match=r"不能用|只读"):
        steps.run_night(settings, THIRD)
    assert bytes_of(settings.home) == before
    mounted("remount,rw")
    assert steps.run_night(settings, NIGHTS[1])["as_of"] == str(NIGHTS[1])


@pytest.fixture(scope="module")
def badly_delivered(undisturbed: Undisturbed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str]]:
    """The third night with three spoilt deliveries: delivery -> state and reason in the ledger."""
    folder = tmp_path_factory.mktemp("spoilt")
    shutil.copytree(undisturbed.settings.inbox_folder, folder / "inbox")
    settings = settings_of(undisturbed.copy(folder / "home").home, folder / "inbox")
    inbox = settings.inbox_folder
    whole = next(inbox.glob("mca_family_20261120*.csv")).read_bytes()
    (inbox / "mca_family_20261120.csv").write_bytes(whole[: len(whole) // 2] + b"\x81")  # neither UTF-8 nor GB18030 to its end
    (inbox / "mem_disaster_20261120.csv.gz").write_bytes(b"\x1f\x8b\x08\x00 cut")
    for path in inbox.glob("mem_disaster_20261120.csv"):
        path.unlink()
    parquet = next(iter(sorted(inbox.glob("*_20261120*.parquet"))))
    parquet.write_bytes(parquet.read_bytes()[:-40] + b"PAR1")
    for path in (inbox / "mca_family_20261120.csv", inbox / "mem_disaster_20261120.csv.gz", parquet):
        os.utime(path, (2e9, 2e9))
    steps.run_night(settings, THIRD)
    ledger = settings.home / "runs" / str(THIRD) / "ledger.parquet"
    rows = duckdb.sql(f"select delivery, state, coalesce(reason, '') from read_parquet('{ledger}')").fetchall()
    return {delivery: (state, reason) for delivery, state, reason in rows} | {"parquet": (parquet.stem, "")}


def test_a_truncated_delivery_is_refused_and_the_night_stands(badly_delivered: dict[str, tuple[str, str]]) -> None:
    state, reason = badly_delivered["mem_disaster_20261120"]
    assert (state, "压缩" in reason) == ("refused", True)


def test_a_delivered_parquet_file_that_is_corrupt_is_refused(badly_delivered: dict[str, tuple[str, str]]) -> None:
    state, reason = badly_delivered[badly_delivered["parquet"][0]]
    assert (state, "打不开" in reason or "损坏" in reason) == ("refused", True)


def test_a_delivery_in_no_known_encoding_is_refused_and_the_one_before_stays_in_force(
    badly_delivered: dict[str, tuple[str, str]],
) -> None:
    state, reason = badly_delivered["mca_family_20261120"]
    assert (state, "编码" in reason) == ("refused", True)
    assert badly_delivered["mca_family_20261119"][0] == "in_force"


def test_a_landed_file_that_is_corrupt_is_read_again(undisturbed: Undisturbed, third: Path, tmp_path: Path) -> None:
    settings = undisturbed.copy(tmp_path / "home")
    victims = sorted((settings.home / "landing" / "psb_resident").glob("*[0-9a-f].parquet"))
    content = victims[-1].read_bytes()
    middle = len(content) // 2
    victims[-1].write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])
    steps.run_night(settings, THIRD)
    assert victims[-1].read_bytes() == content
    assert different(settings.home, third) == []


def test_collected_answers_that_are_corrupt_stop_the_night_until_the_file_is_collected_again(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    settings = undisturbed.copy(tmp_path / "home")
    returned = answered(settings)
    (one,) = (one.landed for one in collect(settings))
    kept = settings.home / "landing" / "field_verification" / f"{one.stem}.parquet"
    whole = kept.read_bytes()
    kept.write_bytes(whole[:-1] + b"?")
    with pytest.raises(NightCannotStand, match=one.stem):
        steps.run_night(settings, THIRD)
    assert not (settings.home / "runs" / str(THIRD)).exists()
    assert returned.is_file()
    (again,) = collect(settings, as_of=THIRD.replace(month=12))
    assert (again.is_new, again.landed.collected_on, again.landed.sequence) == (True, one.collected_on, one.sequence)
    assert kept.read_bytes() == whole
    assert len(landed_answers(Home(settings.home))) == 1


def answered(settings: Settings) -> Path:
    """A list of the second night with every row answered, in the folder of answers."""
    lists = sorted(path for path in (settings.home / "outbox" / str(NIGHTS[1])).glob("*/*.csv") if path.stem.isdigit())
    with lists[0].open(encoding="utf-8-sig", newline="") as handle:
        header, *rows = csv.reader(handle)
    for row in rows:
        row[header.index("核查结果")] = "本人不愿"
    path = settings.home / "answers" / lists[0].name
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    return path


def test_a_clock_that_jumps_by_decades_changes_nothing(
    undisturbed: Undisturbed, third: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = undisturbed.copy(tmp_path / "home")
    for number, path in enumerate(sorted(settings.home.rglob("*"))):
        with suppress(FileNotFoundError):
            os.utime(path, (86_400, 86_400) if number % 2 else (4e9, 4e9))
    jumps = iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: 4e9 - 1e6 * next(jumps))
    monkeypatch.setattr(time, "time_ns", lambda: int(4e18) - 10**15 * next(jumps))
    steps.run_night(settings, THIRD)
    assert different(settings.home, third) == []


def test_a_dead_prefect_server_leaves_the_home_free_for_a_night_without_it(
    undisturbed: Undisturbed, third: Path, tmp_path: Path
) -> None:
    settings = undisturbed.copy(tmp_path / "home")
    dead = {"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_HOME": str(tmp_path / "prefect"), "HOME": str(tmp_path)}
    dead |= {"PREFECT_CLIENT_MAX_RETRIES": "0", "PREFECT_SERVER_EPHEMERAL_ENABLED": "false"}
    program = [sys.executable, "-m", "flows.nightly", "--as-of", str(THIRD), "--home", str(settings.home)]
    flow = subprocess.run(
        [*program, "--inbox", str(settings.inbox_folder)],
        cwd=ROOT,
        env={**os.environ, **dead},
        capture_output=True,
        check=False,
    )
    assert flow.returncode != 0
    assert different(settings.home, undisturbed.home) == []
    steps.run_night(settings, THIRD)
    assert different(settings.home, third) == []
