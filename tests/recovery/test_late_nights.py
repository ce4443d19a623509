"""A delivery that comes late: its night and those after it are rebuilt in order, and what is in the field keeps working."""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from disturbed import NIGHTS, Undisturbed, bytes_of, different, settings_of
from identity import find_identity
from typer.testing import CliRunner

from monitor import rebuilding, steps
from monitor.answers import collect
from monitor.audit import read_trail
from monitor.cli import app
from monitor.rebuilding import JOURNAL, Rebuilt, resting_on_old
from monitor.run import Home, read_manifest
from monitor.settings import Settings

FIRST, SECOND = NIGHTS[:2]
LATE = f"mca_application_{FIRST:%Y%m%d}*"  # whoever has applied is seen otherwise


@dataclass(frozen=True)
class Late:
    """A home before and after its two nights were rebuilt, and what the rebuilding told."""

    before: Path
    settings: Settings
    rebuilt: Rebuilt


@pytest.fixture(scope="module")
def without(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Two nights without the late delivery; a list of the first was answered and collected for the second. Tests copy it."""
    folder = tmp_path_factory.mktemp("late")
    shutil.copytree(inbox, folder / "inbox", ignore=shutil.ignore_patterns(LATE))
    settings = settings_of(folder / "home", folder / "inbox")
    steps.run_night(settings, FIRST)
    answer_everything(settings, FIRST)
    collect(settings)
    steps.run_night(settings, SECOND)
    return settings


def answer_everything(settings: Settings, night: object) -> None:
    for path in sorted((settings.home / "outbox" / str(night)).glob("*/*.csv")):
        if path.stem.isdigit():
            with path.open(encoding="utf-8-sig", newline="") as handle:
                header, *rows = csv.reader(handle)
            for row in rows:
                row[header.index("核查结果")] = "本人不愿"
            with (settings.home / "answers" / path.name).open("w", encoding="utf-8-sig", newline="") as handle:
                csv.writer(handle).writerows([header, *rows])


def copied(without: Settings, folder: Path) -> Settings:
    shutil.copytree(without.home, folder)
    return settings_of(folder, without.inbox_folder)


@pytest.fixture(scope="module")
def late(without: Settings, inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Late:
    settings = copied(without, tmp_path_factory.mktemp("rebuilt") / "home").model_copy(update={"inbox": inbox})
    return Late(without.home, settings, steps.rebuild(settings, FIRST))


def rows(path: Path, select: str) -> list[tuple]:
    return duckdb.sql(select.replace("{}", str(path))).fetchall()


def test_what_is_known_is_what_would_be_if_it_had_come_in_time(late: Late, undisturbed: Undisturbed) -> None:
    """Cases differ: they have been answered meanwhile, and keep their numbers."""
    for night in (FIRST, SECOND):
        for name in ("person", "household", "facts_person", "facts_household", "hits", "coverage"):
            table = f"runs/{night}/{name}.parquet"
            assert (late.settings.home / table).read_bytes() == (undisturbed.home / table).read_bytes(), table


def test_something_changed_at_all(late: Late) -> None:
    changed = different(late.before, late.settings.home)
    assert f"runs/{FIRST}/facts_household.parquet" in changed or f"runs/{FIRST}/facts_person.parquet" in changed


@pytest.mark.parametrize("night", [FIRST, SECOND])
def test_a_household_keeps_the_number_that_its_list_shows(late: Late, night: object) -> None:
    numbers = "select kind, subject, case_no from read_parquet('{}') where state <> 'cleared'"
    path = f"runs/{night}/cases.parquet"
    before = {(kind, subject): case_no for kind, subject, case_no in rows(late.before / path, numbers)}
    after = {(kind, subject): case_no for kind, subject, case_no in rows(late.settings.home / path, numbers)}
    both = before.keys() & after.keys()
    assert both
    assert {one: after[one] for one in both} == {one: before[one] for one in both}
    given = set(before.values())
    assert not {after[one] for one in after.keys() - before.keys()} & given, "a number is never given to somebody else"


def test_no_answer_is_lost_and_no_case_doubled(late: Late) -> None:
    path = f"runs/{SECOND}"
    answers = "select case_no, answer from read_parquet('{}/answers.parquet') order by all"
    assert rows(late.settings.home / path, answers) == rows(late.before / path, answers) != []
    doubled = (
        "select 1 from read_parquet('{}/cases.parquet') where state <> 'cleared' group by kind, subject having count(*) > 1"
    )
    assert rows(late.settings.home / path, doubled) == []
    attached = "select case_no, answer from read_parquet('{}/cases.parquet') where answer is not null"
    still_there = {
        case_no for (case_no,) in rows(late.settings.home / path, "select case_no from read_parquet('{}/cases.parquet')")
    }
    before = {pair for pair in rows(late.before / path, attached) if pair[0] in still_there}
    assert before <= set(rows(late.settings.home / path, attached))


def test_the_report_names_cases_and_nobody(late: Late) -> None:
    people = rows(late.settings.home / f"runs/{FIRST}", "select id_no, name, phone from read_parquet('{}/person.parquet')")
    if late.rebuilt.report is None:
        assert not any(late.rebuilt.nights.values())
        return
    ids, names, phones = ({cell for cell in column if cell} for column in zip(*people, strict=True))
    assert find_identity(late.rebuilt.report, ids, {name for name in names if len(name) > 2}, phones) == []
    with late.rebuilt.report.open(encoding="utf-8-sig", newline="") as handle:
        header, *lines = csv.reader(handle)
    assert header[:4] == ["数据日期", "工单编号", "乡镇", "变化"]
    assert len(lines) == sum(sum(changes.values()) for changes in late.rebuilt.nights.values())


def test_lists_that_were_handed_out_stay_with_the_run_that_was_replaced(late: Late) -> None:
    (replaced,) = Home(late.settings.home).replaced_runs(str(FIRST))
    old = {path.relative_to(replaced / "outbox"): path.read_bytes() for path in (replaced / "outbox").rglob("*.csv")}
    was = late.before / "outbox" / str(FIRST)
    assert old == {path.relative_to(was): path.read_bytes() for path in was.rglob("*.csv")}


def test_rebuilding_once_more_changes_nothing(late: Late) -> None:
    before = bytes_of(late.settings.home)
    again = steps.rebuild(late.settings, FIRST)
    assert bytes_of(late.settings.home) == before
    assert (again.report, any(again.nights.values())) == (None, False)


def test_without_being_asked_only_that_night_is_run_and_the_command_says_what_rests_on_the_old_one(
    without: Settings, inbox: Path, tmp_path: Path
) -> None:
    settings = copied(without, tmp_path / "home")
    second = (settings.home / "runs" / str(SECOND) / "manifest.json").read_bytes()
    words = ["run", "--as-of", str(FIRST), "--home", str(settings.home), "--inbox", str(inbox), "--threads", "1"]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert f"{SECOND} 仍以旧的结果为起点" in done.output
    assert f"--as-of {SECOND} --and-after" in done.output
    assert (settings.home / "runs" / str(SECOND) / "manifest.json").read_bytes() == second
    assert resting_on_old(Home(settings.home)) == [str(SECOND)]


def test_a_rebuilding_that_was_cut_short_is_ended_by_the_next_start(
    without: Settings, late: Late, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = copied(without, tmp_path / "home").model_copy(update={"inbox": inbox})
    whole = steps.begin

    def dies(given: Settings, as_of: object, **words: bool) -> object:
        if as_of == SECOND:
            raise KeyboardInterrupt
        return whole(given, as_of, **words)

    with monkeypatch.context() as patched:
        patched.setattr(steps, "begin", dies)
        with pytest.raises(KeyboardInterrupt):
            steps.rebuild(settings, FIRST)
    home = Home(settings.home)
    assert rebuilding.planned(home)
    assert read_manifest(home.runs / str(FIRST))["run_id"] == read_manifest(late.settings.home / "runs" / str(FIRST))["run_id"]
    with steps.home_held(settings.model_copy(update={"inbox": tmp_path / "elsewhere"})):
        assert not rebuilding.planned(home)
    assert different(settings.home, late.settings.home) == []


def test_a_first_night_that_was_forced_and_killed_is_forced_by_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(tmp_path / "home", tmp_path)
    forced: list[bool] = []

    def begin(_: Settings, __: object, *, again: bool) -> dict[str, bool]:
        forced.append(again)
        if len(forced) == 1:
            raise KeyboardInterrupt
        return {"already": True}

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(steps, "begin", begin)
    monkeypatch.setattr(steps, "publish_run", dies)
    with pytest.raises(KeyboardInterrupt):
        steps.rebuild(settings, FIRST, again=True)
    with pytest.raises(KeyboardInterrupt), steps.home_held(settings):
        pass
    monkeypatch.setattr(steps, "publish_run", lambda *_: {})
    with steps.home_held(settings):
        assert not rebuilding.planned(Home(settings.home))
    assert forced == [True, True, False], "done once, it is not forced again"


def test_a_rebuilding_that_cannot_be_ended_keeps_no_night_from_its_lists(without: Settings, tmp_path: Path) -> None:
    settings = copied(without, tmp_path / "home")
    rebuilding.plan(settings.model_copy(update={"inbox": tmp_path / "gone"}), FIRST)
    with steps.home_held(settings):
        assert not (settings.home / JOURNAL).exists()
    assert different(settings.home, without.home) == []
    assert [one.action for one in read_trail(settings.home)][-1] == "run_failed"


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), duckdb.Error("torn"), KeyError("a bug")])
def test_no_kind_of_fault_leaves_a_journal_that_blocks_every_later_night(
    without: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    settings = copied(without, tmp_path / "home")

    def fails(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(steps, "begin", fails)
        with pytest.raises(type(error)):
            steps.rebuild(settings, FIRST)
        assert not (settings.home / JOURNAL).exists()
        rebuilding.plan(settings, FIRST)
        with steps.home_held(settings):
            assert not (settings.home / JOURNAL).exists()
    failed = [one.what["error"] for one in read_trail(settings.home) if one.action == "run_failed"]
    assert failed == [type(error).__name__] * 2
