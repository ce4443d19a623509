"""A disk that is too small is told before the night writes anything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from monitor import room, sources, steps
from monitor.errors import NoRoom
from monitor.resume import read_notes
from monitor.room import needed_bytes
from monitor.run import Night
from monitor.settings import Settings, load_settings
from monitor.sources import Arrivals, Delivery

NIGHT = date(2026, 11, 20)


def delivery(extract: str, day: date, size: int, ending: str = ".csv") -> Delivery:
    return Delivery(extract, f"{extract}_{day:%Y%m%d}", day, "", ending, Path("x"), "a" * 64, size, 0)


def need(home: Path, *deliveries: Delivery, published: int = 0) -> int:
    return needed_bytes(Night(Settings(home=home), NIGHT), Arrivals(deliveries, ()), published)


def test_the_need_grows_with_what_is_read_and_with_what_is_unpacked(tmp_path: Path) -> None:
    nothing = need(tmp_path)
    million = need(tmp_path, delivery("psb_resident", NIGHT, 10**6))
    assert need(tmp_path, delivery("psb_resident", NIGHT, 2 * 10**6)) - nothing == 2 * (million - nothing)
    assert need(tmp_path, delivery("psb_resident", NIGHT, 10**6, ".csv.gz")) - nothing == 6 * (million - nothing)


def test_a_landed_delivery_is_not_landed_again_and_an_older_full_one_is_not_built_on(tmp_path: Path) -> None:
    new = delivery("psb_resident", NIGHT, 10**9)
    older = delivery("psb_resident", date(2026, 11, 1), 10**9)
    alone = need(tmp_path, new)
    assert need(tmp_path, older, new) - alone == 10**9 * 20 // 100
    landed = tmp_path / "landing" / f"{older.landing_stem}.json"
    landed.parent.mkdir(parents=True)
    landed.write_text("{}", encoding="utf-8")
    assert need(tmp_path, older, new) == alone


def test_the_paper_of_the_night_before_is_expected_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = delivery("psb_resident", NIGHT, 10**6)
    without = need(tmp_path, new)
    paper = tmp_path / "outbox" / "2026-11-19" / "530622" / "list.csv"
    paper.parent.mkdir(parents=True)
    paper.write_bytes(b"x" * 12_345)
    assert need(tmp_path, new) == without, "no run, no night before"
    monkeypatch.setattr(Night, "previous", tmp_path / "runs" / "2026-11-19")
    assert need(tmp_path, new) == without + 12_345


def test_a_long_history_needs_room_for_its_copy(tmp_path: Path) -> None:
    new = delivery("psb_resident", NIGHT, 10**6)
    assert need(tmp_path, new, published=10**10) > 10**10 > need(tmp_path, new)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "psb_resident_20261120.csv").write_bytes("身份证号\n".encode() * 1000)
    yield load_settings(tmp_path / "home", inbox=inbox, threads=1)
    shutil.rmtree(inbox)


def test_a_night_without_room_does_not_begin_and_leaves_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def little(folder: Path) -> int:
        asked.append(folder)
        return 80 * 2**20

    monkeypatch.setattr(room, "free_bytes", little)
    with pytest.raises(NoRoom, match=r"磁盘空间不够.*没有开始[\s\S]*可用 80 MB;应为 至少 101 MB[\s\S]*腾出 21 MB") as raised:
        steps.run_night(settings, NIGHT)
    assert raised.value.exit_code == 15
    assert asked == [settings.home]
    left = sorted(p.name for p in settings.home.rglob("*") if p.is_file())
    audited = ["audit.key", "head.json", "trail.jsonl"]  # that the night failed is on record
    assert left == sorted([".lock", "hashes.json", *audited])  # what was hashed need not be hashed again
    assert not list((settings.home / "runs").iterdir())


def test_steps_that_a_night_has_finished_stay_until_there_is_room(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(sources, "judge", dies)
        with pytest.raises(KeyboardInterrupt):
            steps.run_night(settings, NIGHT)
    night = Night(settings, NIGHT)
    with monkeypatch.context() as patched:
        patched.setattr(room, "free_bytes", lambda folder: 80 * 2**20)
        for _ in range(2):
            with pytest.raises(NoRoom, match=r"这一晚没有接着做,已做完的步骤保留"):
                steps.run_night(settings, NIGHT)
        assert read_notes(night)["finished"] == ["begin", "land"]
    steps.begin(settings, NIGHT)
    assert steps.land(settings, NIGHT) == {"already": True}
    with monkeypatch.context() as patched:
        patched.setattr(room, "free_bytes", lambda folder: 80 * 2**20)
        with pytest.raises(NoRoom, match=r"没有开始,什么也没有写"):
            steps.run_night(settings, NIGHT, again=True)
    assert not night.building.exists(), "who starts over keeps nothing"


def test_with_just_enough_room_a_night_begins(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "free_bytes", lambda folder: 101 * 2**20)
    assert steps.begin(settings, NIGHT)["deliveries"] == 1
