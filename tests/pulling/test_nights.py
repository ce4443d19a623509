"""The night pulls first; what came is in its manifest; what failed costs nothing else; and no secret is left anywhere."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from places import D, Place, folder_source, sftp_source
from servers import SECRET, SftpServer
from typer.testing import CliRunner
from wire import closed_port

from monitor import cli, steps
from monitor.audit import Action, read_trail
from monitor.contracts import extracts
from monitor.errors import NothingArrived, SourcesFailed, UsageError
from monitor.pulling import pull_for_night
from monitor.run import Home, Night
from monitor.summary import pulled_lines, summary_lines
from monitor.synth import Plan, synthesise


@pytest.fixture
def county(place: Place, sftp: SftpServer) -> Place:
    """Civil affairs serves its files by SFTP, the trade union's folder is gone, everybody else drops theirs into one folder."""
    drop = place.home / "drop"
    synthesise(Plan(persons=400, seed=5, as_of=D, dirt="none"), drop)
    for path in drop.glob("mca_*"):
        path.rename(sftp.folder / path.name)
    place.declare("civil-affairs", department_of(sftp_source(sftp, place), "民政"))
    for number, name in enumerate(dict.fromkeys(one.department for one in extracts().values())):
        if name != "民政":
            path = "nowhere" if name == "总工会" else "drop"
            place.declare(f"folder{number}", department_of(folder_source(path=path), name))
    return place


def department_of(fields: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key != "extracts"} | {"department": name}


def test_a_night_fetches_first_tells_what_came_and_goes_on_without_a_source_that_failed(
    county: Place, sftp: SftpServer
) -> None:
    manifest = steps.run_night(county.settings.model_copy(update={"threads": 1}), D)
    told = {one["source"]: one for one in manifest["pulled"]["sources"]}
    assert len(told["civil-affairs"]["files"]) == len(list(sftp.folder.iterdir()))
    assert len(manifest["inputs"]) == len(county.arrived())
    lines = summary_lines(manifest)
    assert any(line[0] == "拉取" and f"17处来源,新取{len(county.arrived())}个文件" in line[1] for line in lines)
    (failed,) = [said for topic, said in lines if topic == "拉取失败"]
    assert failed.endswith("文件夹读不了(No such file or directory)")
    late = {one["extract"] for one in manifest["summary"]["late"]}
    assert ("acftu_worker" in late, "mca_assistance" in late) == (True, False), "a late department makes things unknown"
    outside = [path for path in county.home.rglob("*") if path.is_file() and path.parent != county.inbox]
    assert [path for path in outside if SECRET.encode() in path.read_bytes()] == []


def noted(place: Place, day: date = D) -> list[tuple[str, str]]:
    """What a night that begins now would say of its pull."""
    pull_for_night(place.settings, day)
    (place.inbox / "psb_resident_20261101.csv").write_bytes(b"x")
    steps.begin(place.settings, day)
    notes = json.loads((Night(place.settings, day).work / "notes.json").read_text())
    return [(topic, said) for topic, said in pulled_lines(notes["pulled"])]


def test_sources_that_cannot_be_read_are_told_loudly_and_cost_no_night(place: Place) -> None:
    place.inbox.mkdir()
    (place.home / "sources.toml").write_text("[sources.x]\nkind = 'ftp'\n")
    ((topic, said),) = noted(place)
    assert topic == "拉取"
    assert "什么也没有拉取" in said
    assert "sources.x.kind" in said


def test_a_past_night_does_not_fetch_what_departments_hold_today(place: Place) -> None:
    place.drop("mca_service_order_20261101.csv")
    place.declare("good", folder_source())
    place.inbox.mkdir()
    newest = Home(place.home).runs / "2026-11-20"
    newest.mkdir(parents=True)
    (newest / "manifest.json").write_text("{}")
    assert noted(place, date(2026, 11, 10)) == [("拉取", "重跑以前的一晚,没有拉取;要补取请运行 monitor pull")]
    assert not (place.inbox / "mca_service_order_20261101.csv").exists()


def test_a_home_without_sources_pulls_nothing_and_says_nothing(place: Place) -> None:
    place.inbox.mkdir()
    assert noted(place) == []
    assert not (place.home / "pulled").exists()


def test_a_night_told_not_to_pull_takes_what_lies_in_the_inbox(place: Place) -> None:
    place.drop("mca_service_order_20261120.csv")
    place.declare("good", folder_source())
    done = CliRunner().invoke(cli.app, ["run", "--home", str(place.home), "--as-of", "2026-11-20", "--no-pull"])
    assert isinstance(done.exception, NothingArrived)
    assert not place.inbox.exists()


def test_the_flow_fetches_with_the_same_verb(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MONITOR_HOME", str(tmp_path))
    from flows import nightly

    place.drop("mca_service_order_20261120.csv")
    place.declare("good", folder_source())
    place.declare("bad", folder_source(path="nowhere", extracts=["nhc_death"]))
    figures = nightly.pull.fn(str(place.home), None, D)
    assert figures == {"sources": 2, "failed": 1, "files": 1, "bytes": 8}


def command(*arguments: str) -> Any:
    return CliRunner().invoke(cli.app, ["pull", *arguments])


def test_the_command_pulls_tells_and_ends_in_16_when_a_source_failed(place: Place) -> None:
    place.drop("mca_service_order_20261120.csv")
    place.declare("good", folder_source())
    home = ["--home", str(place.home), "--as-of", "2026-11-20"]
    done = command(*home)
    assert (done.exit_code, "good" in done.output) == (0, True)
    place.declare("bad", folder_source(path="nowhere", extracts=["nhc_death"]))
    failed = command(*home)
    assert isinstance(failed.exception, SourcesFailed)
    assert failed.exception.exit_code == 17
    assert str(failed.exception).splitlines() == [
        "2处来源中有1处没有取全,其余不受影响。",
        "  - bad:文件夹读不了(No such file or directory);请 核对路径、挂载和权限",
    ]
    report = json.loads((place.home / "pulled" / "last.json").read_text())
    assert [one["source"] for one in report["sources"]] == ["bad", "good"]
    pulls = [one.what for one in read_trail(place.home) if one.action == Action.PULLED]
    assert [(one["files"], one["failed"]) for one in pulls] == [(["mca_service_order_20261120.csv"], []), ([], ["bad"])]


def test_the_command_pulls_one_source_when_one_is_named(place: Place) -> None:
    place.drop("mca_service_order_20261120.csv")
    place.declare("good", folder_source())
    place.declare("bad", folder_source(path="nowhere", extracts=["nhc_death"]))
    home = ["--home", str(place.home), "--as-of", "2026-11-20"]
    assert command(*home, "--source", "good").exit_code == 0
    unknown = command(*home, "--source", "godo")
    assert isinstance(unknown.exception, UsageError)
    assert "good" in str(unknown.exception)


def test_listing_connects_to_nothing_and_checking_pulls_nothing(place: Place, sftp: SftpServer) -> None:
    (sftp.folder / "mca_service_order_20261120.csv").write_bytes(b"x")
    place.declare("sound", sftp_source(sftp, place))
    home = ["--home", str(place.home), "--as-of", "2026-11-20"]
    checked = command(*home, "--check")
    assert (checked.exit_code, checked.output.strip()) == (0, "sound:正常,1份可取")
    place.declare("dead", sftp_source(sftp, place, port=closed_port(), extracts=["nhc_death"]))
    (place.home / "known_hosts").write_text(sftp.known_hosts())
    listed = command(*home, "--list")
    assert (listed.exit_code, "nhc_death" in listed.output, "127.0.0.1" in listed.output) == (0, True, False)
    dead = command(*home, "--check")
    assert isinstance(dead.exception, SourcesFailed)
    assert not place.inbox.exists()


def test_without_sources_and_without_a_day_the_command_says_what_to_do(place: Place) -> None:
    none = command("--home", str(place.home))
    assert isinstance(none.exception, UsageError)
    assert "docs/sources.md" in str(none.exception)
    place.declare("good", folder_source())
    assert "--as-of" in str(command("--home", str(place.home)).exception)


def test_two_pulls_at_once_are_refused(place: Place) -> None:
    place.declare("good", folder_source())
    with Home(place.home).locked():
        assert isinstance(command("--home", str(place.home), "--as-of", "2026-11-20").exception, UsageError)
