"""Pages on disk and the command that makes them: whole or not at all, the same bytes, no identity, clear refusals."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import duckdb
import pytest
from bulletin_nights import LAST, NIGHTS
from identity import find_identity
from typer.testing import CliRunner

from monitor import steps
from monitor.bulletin import bring_up, is_current, month_edition, night_edition, write_edition
from monitor.cli import app
from monitor.errors import UsageError
from monitor.publish import publish
from monitor.run import Home
from monitor.settings import Settings


@pytest.fixture
def copy(settings: Settings, tmp_path: Path) -> Settings:
    """The home, free to be changed."""
    shutil.copytree(settings.home, tmp_path / "home")
    return settings.model_copy(update={"home": tmp_path / "home"})


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def run(*arguments: str) -> tuple[str, BaseException | None]:
    done = CliRunner().invoke(app, ["bulletin", *arguments])
    return done.output, done.exception


def test_every_night_leaves_its_bulletin(settings: Settings) -> None:
    home = Home(settings.home)
    assert sorted(folder.name for folder in home.bulletins.iterdir()) == [night.isoformat() for night in NIGHTS]
    names = {path.name for path in (home.bulletins / LAST.isoformat()).iterdir()}
    assert {"index.html", "53.html", "5333.html"} < names
    assert is_current(home)


def test_the_same_home_gives_the_same_bytes_with_any_number_of_threads(copy: Settings) -> None:
    home = Home(copy.home)
    before = files(home.bulletins)
    for threads in (1, 3):
        shutil.rmtree(home.bulletins)
        for night in NIGHTS:
            write_edition(home, copy.model_copy(update={"threads": threads}), night_edition(home, night))
        assert {name for name, text in files(home.bulletins).items() if before[name] != text} == set()


def test_pages_hold_no_identity(settings: Settings) -> None:
    home = Home(settings.home)
    people = duckdb.sql(f"select id_no, name, phone from '{home.runs / LAST.isoformat()}/person.parquet'").fetchall()
    ids, names, phones = (sorted({row[at] for row in people if row[at]}) for at in range(3))
    assert ids
    assert phones
    for text in files(home.bulletins).values():
        assert find_identity(text, ids, names, phones) == []


def test_a_crash_between_the_run_and_its_pages_is_made_good_by_the_next_start(copy: Settings) -> None:
    home = Home(copy.home)
    shutil.rmtree(home.bulletins / LAST.isoformat())
    assert not is_current(home)
    with steps.home_held(copy):
        pass
    assert is_current(home)


def test_pages_that_cannot_be_made_stop_no_night(copy: Settings) -> None:
    home = Home(copy.home)
    shutil.rmtree(home.bulletins / LAST.isoformat())
    (home.runs / LAST.isoformat() / "catalogue.json").unlink()
    with steps.home_held(copy):
        assert not is_current(home)


def test_a_reader_of_the_old_pages_never_meets_half_of_the_new(copy: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(copy.home)
    before = files(home.bulletins)

    def broken(*_: object) -> str:
        raise RuntimeError("no more paper")

    monkeypatch.setattr("monitor.bulletin.write.index", broken)
    with pytest.raises(RuntimeError):
        write_edition(home, copy, night_edition(home))
    assert files(home.bulletins) == before


def test_the_first_night_of_a_month_leaves_the_bulletin_of_the_month_before(copy: Settings) -> None:
    """The run of a later month is the last one under another date; only that its month is told is of interest."""
    home = Home(copy.home)
    later = home.runs / "2026-12-01"
    shutil.copytree(home.runs / LAST.isoformat(), later)
    manifest = json.loads((later / "manifest.json").read_text(encoding="utf-8")) | {"as_of": later.name, "run_id": "later"}
    (later / "manifest.json").write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    steps.keep_published(copy)
    bring_up(home, copy)
    assert {folder.name for folder in home.bulletins.iterdir()} >= {"2026-11", "2026-12-01"}
    text = (home.bulletins / "2026-11" / "53.html").read_text(encoding="utf-8")
    assert "2026年11月月报" in text
    assert f"数据日期 {LAST}" in text


def test_the_command_writes_all_pages_and_says_where(copy: Settings) -> None:
    said, error = run("--home", str(copy.home), "--month", "2026-11")
    assert error is None
    assert str(copy.home / "published/bulletin/2026-11/index.html") in said.replace("\n", "")


@pytest.mark.parametrize(
    ("chosen", "digits"),
    [(("--province",), {2}), (("--prefecture",), {4}), (("--prefecture", "--province"), {2, 4}), ((), {2, 4, 6})],
)
def test_the_command_writes_the_levels_that_are_asked_for(
    settings: Settings, tmp_path: Path, chosen: tuple[str, ...], digits: set[int]
) -> None:
    _, error = run("--home", str(settings.home), "--out", str(tmp_path / "out"), *chosen)
    assert error is None
    assert {len(path.stem) for path in (tmp_path / "out").iterdir()} == digits


def test_the_command_writes_one_county(settings: Settings, tmp_path: Path) -> None:
    home = Home(settings.home)
    county = next(path.stem for path in sorted((home.bulletins / LAST.isoformat()).iterdir()) if len(path.stem) == 6)
    _, error = run("--home", str(settings.home), "--county", county, "--as-of", NIGHTS[0].isoformat(), "--out", str(tmp_path))
    assert error is None
    assert [path.name for path in tmp_path.iterdir()] == [f"{county}.html"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--county", "999999"), "没有这个区县"),
        (("--as-of", "2026-11-01"), "2026-11-19"),
        (("--month", "2026-10"), "2026-11"),
        (("--month", "2026-1x"), "2026-11 这样的月份"),
        (("--month", "2026-11", "--as-of", "2026-11-20"), "只能选一样"),
    ],
)
def test_what_cannot_be_made_is_refused_with_what_can(settings: Settings, arguments: tuple[str, ...], told: str) -> None:
    _, error = run("--home", str(settings.home), *arguments)
    assert getattr(error, "exit_code", None) == 2
    assert told in str(error)


def test_a_home_without_runs_says_what_to_do(tmp_path: Path) -> None:
    _, error = run("--home", str(tmp_path))
    assert getattr(error, "exit_code", None) == 2
    assert "monitor demo" in str(error)


def test_a_damaged_analyst_file_is_made_again_from_the_runs(copy: Settings) -> None:
    home = Home(copy.home)
    before = files(home.bulletins)
    (home.published / "warehouse.duckdb").write_bytes(b"\0" * 5000)
    _, error = run("--home", str(copy.home))
    assert error is None
    assert files(home.bulletins) == before


def test_an_edition_of_nights_that_the_analyst_file_does_not_hold_is_refused(copy: Settings) -> None:
    home = Home(copy.home)
    publish(home, copy.model_copy(update={"analyst_nights": 1}))
    before = files(home.bulletins)
    with pytest.raises(UsageError, match=f"没有 {NIGHTS[0]} 这一晚") as refused:
        write_edition(home, copy, month_edition(home, "2026-11"))
    assert "analyst_nights" in str(refused.value)
    assert files(home.bulletins) == before


def test_only_history_is_needed(copy: Settings) -> None:
    """Of an old night people and facts are kept no longer; its page can still be made."""
    home = Home(copy.home)
    for name in ("person", "household", "facts_person", "facts_household"):
        (home.runs / NIGHTS[0].isoformat() / f"{name}.parquet").unlink()
    assert night_edition(home, NIGHTS[0]).as_of == NIGHTS[0]
    assert (write_edition(home, copy, night_edition(home, NIGHTS[0])) / "53.html").is_file()
