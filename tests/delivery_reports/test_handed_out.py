"""Reports are handed out whole, like lists; a night that cannot stand still tells why."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from told_nights import AS_OF, care

from monitor import steps
from monitor.errors import NightCannotStand
from monitor.recovery import recover
from monitor.run import Home, Night
from monitor.settings import Settings

NIGHT = date(2026, 11, 20)


def real_night(home: Path) -> Night:
    """A night that became real and then crashed before anything was handed out."""
    night = Night(Settings(home=home), NIGHT)
    night.begin()
    for folder in (night.outbox, night.reports / "民政"):
        folder.mkdir(parents=True)
        (folder / "index.html").write_text("x", encoding="utf-8")
    night.commit({"inputs": [], "fingerprint": "", "previous": None})
    return night


def test_a_commit_moves_them_to_where_departments_look(tmp_path: Path) -> None:
    night = real_night(tmp_path)
    night.deliver_lists()
    assert (tmp_path / "reports" / "2026-11-20" / "民政" / "index.html").is_file()
    assert not (night.folder / "reports").exists()


def test_the_next_start_finishes_what_a_crash_left(tmp_path: Path) -> None:
    night = real_night(tmp_path)
    assert recover(Home(tmp_path)) == ["2026-11-20"]
    assert (tmp_path / "reports" / "2026-11-20" / "民政" / "index.html").is_file()
    assert not (night.folder / "reports").exists()
    assert recover(Home(tmp_path)) == []


def test_a_crash_between_lists_and_reports_is_finished_too(tmp_path: Path) -> None:
    night = real_night(tmp_path)
    (night.folder / "outbox").rename(tmp_path / "outbox" / "2026-11-20")
    assert recover(Home(tmp_path)) == ["2026-11-20"]
    assert (tmp_path / "reports" / "2026-11-20" / "民政" / "index.html").is_file()
    assert (tmp_path / "outbox" / "2026-11-20" / "index.html").is_file()


def test_reports_of_a_night_run_again_take_the_place_of_the_old(tmp_path: Path) -> None:
    for word in ("first", "second"):
        night = Night(Settings(home=tmp_path), NIGHT)
        night.begin()
        night.reports.mkdir()
        (night.reports / f"{word}.html").write_text(word, encoding="utf-8")
        night.commit({"inputs": []})
        night.deliver_lists()
    assert [p.name for p in (tmp_path / "reports" / "2026-11-20").iterdir()] == ["second.html"]
    assert [p.name for p in (tmp_path / "reports").iterdir()] == ["2026-11-20"]


def test_a_night_that_cannot_stand_tells_its_departments_why(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, memory_limit_mb=1024)
    settings.inbox_folder.mkdir(parents=True)
    (settings.inbox_folder / "psb_resident_20261120.csv").write_text("x\n", encoding="utf-8")
    (settings.inbox_folder / "mca_care_20261120.csv").write_text(care(people=3), encoding="utf-8")
    steps.begin(settings, AS_OF)
    steps.land(settings, AS_OF)
    with pytest.raises(NightCannotStand, match="reports/2026-11-20"):
        steps.gate(settings, AS_OF)
    assert (tmp_path / "reports" / "2026-11-20" / "公安" / "psb_resident_20261120.html").is_file()
    assert (tmp_path / "reports" / "2026-11-20" / "民政" / "mca_care_20261120.html").is_file()
    assert Home(tmp_path).run_folders() == []


def gated(home: Path) -> None:
    settings = Settings(home=home, memory_limit_mb=1024)
    settings.inbox_folder.mkdir(parents=True, exist_ok=True)
    (settings.inbox_folder / "mca_care_20261120.csv").write_text(care(people=3), encoding="utf-8")
    steps.begin(settings, AS_OF)
    steps.land(settings, AS_OF)
    steps.gate(settings, AS_OF)


def test_a_register_that_never_came_stops_the_night_like_one_that_was_refused(tmp_path: Path) -> None:
    with pytest.raises(NightCannotStand, match=r"户籍人口信息一份也没有.*\n.*psb_resident_<日期>.*reports/2026-11-20"):
        gated(tmp_path)
    assert (tmp_path / "reports" / "2026-11-20" / "民政" / "mca_care_20261120.html").is_file()
    assert Home(tmp_path).run_folders() == []


def test_a_rerun_that_cannot_stand_leaves_the_reports_of_the_run_as_they_are(tmp_path: Path) -> None:
    real_night(tmp_path).deliver_lists()
    with pytest.raises(NightCannotStand, match=r"reports/2026-11-20\.refused"):
        gated(tmp_path)
    assert [path.name for path in (tmp_path / "reports/2026-11-20/民政").iterdir()] == ["index.html"]
    assert [path.name for path in Home(tmp_path).all_refused_reports()] == ["2026-11-20.refused"]
    assert (tmp_path / "reports/2026-11-20.refused/民政/mca_care_20261120.html").is_file()


def test_a_rerun_that_stands_takes_the_refused_reports_away(tmp_path: Path) -> None:
    real_night(tmp_path).deliver_lists()
    Home(tmp_path).refused_reports("2026-11-20").mkdir()
    real_night(tmp_path).deliver_lists()
    assert Home(tmp_path).all_refused_reports() == []
