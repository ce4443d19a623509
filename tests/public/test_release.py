"""A month is released once, whole, through the gate; what was decided is remembered."""

import csv
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pytest
from attacker import learnt
from identity import find_identity
from typer.testing import CliRunner

from monitor import cli
from monitor.audit import read_trail
from monitor.errors import PromiseBroken, UsageError
from monitor.manifest import MANIFEST, read_manifest, write_manifest
from monitor.public import release_month
from monitor.public.ledger import read_release
from monitor.public.render import files_of
from monitor.public.suppress import Remembered
from monitor.public.telling import tell
from monitor.settings import Settings

NOVEMBER, DECEMBER = date(2026, 11, 20), date(2026, 12, 1)
FILES = {"cases.csv", "answers.csv", "coverage.csv", "deliveries.csv", "freshness.csv", "rates.csv", "release.json"}


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def shown_in(folder: Path, table: str) -> dict[tuple[str, str], int | None]:
    """What a reader of the file sees."""
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["区划代码"], row["项目代码"]): None if row["数量"] == "*" else int(row["数量"]) for row in rows}


@pytest.fixture(scope="session")
def both(two_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Both months released."""
    settings = Settings(home=shutil.copytree(two_months, tmp_path_factory.mktemp("both") / "home"), threads=1)
    release_month(settings, NOVEMBER)
    release_month(settings, DECEMBER)
    return settings


@pytest.mark.parametrize("table", ["cases", "answers", "coverage"])
def test_whoever_reads_two_months_learns_no_small_count_and_no_small_change(both: Settings, table: str) -> None:
    folders = [both.home / "published/public" / month for month in ("2026-11", "2026-12")]
    sums = json.loads((folders[0] / "release.json").read_text())["tables"][table]["sums"]
    splits = [(whole.split("#")[0], parts) for whole, parts in sums.items()]
    months = [shown_in(folder, table) for folder in folders]
    decided = [read_release(both.home, folder.name) for folder in folders]
    true = [{cell: one.told.count for cell, one in release.tables[table].items()} for release in decided if release]
    assert any(count < 8 for count in true[0].values())
    assert learnt(months, true, splits) == []


def test_a_release_is_made_of_what_the_analyst_file_counts(both: Settings) -> None:
    release = read_release(both.home, "2026-11")
    assert release
    with duckdb.connect(str(both.home / "published/warehouse.duckdb"), read_only=True) as connection:
        ((visits, reviews),) = connection.execute(
            "select count(*) filter (kind = 'visit'), count(*) filter (kind = 'review') from case_history "
            "where as_of = '2026-11-20' and state not in ('cleared', 'closed')"
        ).fetchall()
    cases = {cell: one.told.count for cell, one in release.tables["cases"].items()}
    assert (cases["all", "visit"], cases["all", "review"], cases["all", "open"]) == (visits, reviews, visits + reviews)
    assert sum(cases["530622", colour] for colour in ("red", "orange", "yellow", "blue")) == visits > 8


def test_answers_that_came_back_are_no_delivery_of_a_department(two_months: Path, tmp_path: Path) -> None:
    home = shutil.copytree(two_months, tmp_path / "home")
    with duckdb.connect(str(home / "published/warehouse.duckdb")) as connection:
        connection.execute(
            "insert into ledger by name select as_of, 'field_verification' as extract, 'a-returned-list' as delivery, "
            "90 as rows_read, 90 as loaded, 0 as superseded, 0 as quarantined, 0 as blanked, 'in_force' as state from run"
        )
    released = release_month(Settings(home=home, threads=1), NOVEMBER)
    assert not [item for _, item in shown_in(released.folder, "deliveries") if "field_verification" in item]


def test_a_public_file_holds_no_identity_and_no_token(both: Settings) -> None:
    newest = f"'{both.home}/runs/2026-12-01/person.parquet'"
    people = duckdb.sql(f"select id_no, name, coalesce(phone, '') from {newest}").fetchall()
    with duckdb.connect(str(both.home / "published/warehouse.duckdb"), read_only=True) as connection:
        tokens = {token for (token,) in connection.execute("select distinct subject from case_history").fetchall()}
    ids, names, phones = ({row[n] for row in people} - {""} for n in range(3))
    for folder in (both.home / "published/public").iterdir():
        assert {path.name for path in folder.iterdir()} == FILES
        for path in folder.iterdir():
            assert find_identity(path, ids, names, phones) == []
            assert not [token for token in tokens if token in path.read_text(encoding="utf-8")]


def test_the_name_of_a_place_starts_no_formula(both: Settings) -> None:
    release = read_release(both.home, "2026-11")
    assert release is not None
    files = files_of(replace(release, names=dict.fromkeys(release.names, "\uff1dHYPERLINK(1)")))
    shown = [row["区划"] for row in csv.DictReader(files["cases.csv"].decode("utf-8-sig").splitlines())]
    assert set(shown) >= {"合计", "'\uff1dHYPERLINK(1)"}
    assert not [name for name in shown if name.startswith("\uff1d")]


def test_a_month_is_decided_once_and_written_again_with_the_same_bytes(county: Settings) -> None:
    first = release_month(county, NOVEMBER)
    before = bytes_of(first.folder)
    assert (first.is_new, before.keys()) == (True, FILES)
    again = release_month(county, NOVEMBER)
    assert (again.is_new, bytes_of(again.folder)) == (False, before)
    (first.folder / "cases.csv").write_text("changed", encoding="utf-8")
    (first.folder / "left.csv").write_text("left", encoding="utf-8")
    assert bytes_of(release_month(county, NOVEMBER).folder) == before
    shutil.rmtree(first.folder)
    assert bytes_of(release_month(county, NOVEMBER).folder) == before
    assert [one.name for one in first.folder.parent.iterdir()] == ["2026-11"]
    assert [entry.action for entry in read_trail(county.home)].count("public_released") == 1


def test_a_second_night_of_a_month_and_a_month_that_is_past_are_refused(county: Settings) -> None:
    run = county.home / "runs" / "2026-12-01"
    shutil.copytree(run, run.with_name("2026-12-02"))
    release_month(county, DECEMBER)
    with pytest.raises(UsageError, match="已经公布过"):
        release_month(county, date(2026, 12, 2))
    with pytest.raises(UsageError, match="更晚的月份"):
        release_month(county, NOVEMBER)


def test_a_release_whose_memory_is_gone_stops_the_next(county: Settings) -> None:
    release_month(county, NOVEMBER)
    (county.home / "releases" / "2026-11.json").unlink()
    with pytest.raises(UsageError, match="底数不见了"):
        release_month(county, DECEMBER)


def test_what_the_gate_refuses_is_not_published_and_not_remembered(county: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "monitor.public.release.decide",
        lambda sheet, before: {cell: Remembered(tell(count, None), 0) for cell, count in sheet.counts.items()},
    )
    with pytest.raises(PromiseBroken, match="什么也没有公布") as refused:
        release_month(county, NOVEMBER)
    assert "能被推算出来" in str(refused.value)
    assert not (county.home / "published/public").exists()
    assert not (county.home / "releases").exists()
    assert "public_released" not in {entry.action for entry in read_trail(county.home)}


def test_a_crash_before_the_folder_is_made_good_by_the_next_start(county: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("monitor.public.release.files_of", crash)
        with pytest.raises(KeyboardInterrupt):
            release_month(county, NOVEMBER)
    assert not (county.home / "published/public").exists()
    assert release_month(county, NOVEMBER).is_new is False
    assert {path.name for path in (county.home / "published/public/2026-11").iterdir()} == FILES


def test_true_counts_stay_closed_to_other_users(both: Settings) -> None:
    assert (both.home / "releases").stat().st_mode & 0o077 == 0


def test_the_command_says_what_was_told(county: Settings) -> None:
    done = CliRunner().invoke(cli.app, ["public", "--as-of", "2026-11-20", "--home", str(county.home)])
    assert done.exit_code == 0
    assert "2026-11(按 2026-11-20 的结果)已公布" in done.output
    again = CliRunner().invoke(cli.app, ["public", "--as-of", "2026-11-20", "--home", str(county.home)])
    assert "按当时的决定重新写出" in again.output


def rerun(settings: Settings) -> None:
    """As a night leaves it that is run again and killed before it publishes."""
    path = settings.home / "runs" / str(NOVEMBER) / MANIFEST
    write_manifest(path.parent, read_manifest(path.parent) | {"run_id": "0" * 12})


def test_an_older_version_of_a_night_is_not_counted_under_the_name_of_the_new_one(county: Settings) -> None:
    rerun(county)
    with pytest.raises(UsageError, match="旧版本"):
        release_month(county, NOVEMBER)
    assert not (county.home / "releases").exists()


def test_the_command_brings_the_analyst_file_up_before_it_counts(county: Settings) -> None:
    rerun(county)
    done = CliRunner().invoke(cli.app, ["public", "--as-of", "2026-11-20", "--home", str(county.home)])
    assert done.exit_code == 0, done.exception
    with duckdb.connect(str(county.home / "published/warehouse.duckdb"), read_only=True) as connection:
        assert connection.execute("select run_id from run where as_of = '2026-11-20'").fetchone() == ("0" * 12,)
