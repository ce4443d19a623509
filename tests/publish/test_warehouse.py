"""The analyst file: everything but identity, explained, swapped in whole."""

from __future__ import annotations

import hmac
import shutil
from pathlib import Path

import duckdb
import pytest
from case_nights import citizen
from identity import find_identity
from made_home import DAYS, HOUSE, NAMES, PHONES, made_home

from monitor import run
from monitor.contracts import outputs
from monitor.errors import UsageError
from monitor.privacy import token, token_key
from monitor.publish import is_current, publish
from monitor.settings import Settings
from monitor.store import connect


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> run.Home:
    return made_home(tmp_path_factory.mktemp("home"))


def opened(home: run.Home) -> duckdb.DuckDBPyConnection:
    return connect(home.published / "warehouse.duckdb", Settings(threads=1), read_only=True)


def a_home_without_file(home: run.Home, folder: Path) -> run.Home:
    copied = run.Home(folder / "home")
    shutil.copytree(home.root, copied.root)
    (copied.published / "warehouse.duckdb").unlink()
    return copied


def run_again(home: run.Home, day: str) -> None:
    """The night of a day has been run again: another run stands in its folder."""
    manifest = home.runs / day / run.MANIFEST
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"abc"', '"again"'), encoding="utf-8")


def content_of(home: run.Home) -> dict[str, list[str]]:
    """Every table and view of the analyst file with what its columns are and mean, and its rows, as text in order."""
    described = "select table_name, column_name, data_type, comment from duckdb_columns() where not internal order by all"
    with opened(home) as connection:
        columns = connection.execute(described).fetchall()
        rows = {name: connection.execute(f"from {name}").fetchall() for name in {name for name, *_ in columns}}
    return {"columns": list(map(str, columns))} | {name: sorted(map(str, found)) for name, found in rows.items()}


def test_the_analyst_file_holds_no_identity_whatever(home: run.Home) -> None:
    ids = [citizen(n) for n in (1, 2, 3)]
    with opened(home) as connection:
        assert find_identity(connection, ids, [*NAMES.values(), "莲塘路", "5306220012345"], PHONES.values()) == []
    assert find_identity(home.published / "warehouse.duckdb", ids, [*NAMES.values(), "5306220012345"], PHONES.values()) == []


def test_of_a_day_of_death_the_month_alone_is_published(home: run.Home, tmp_path: Path) -> None:
    copied = a_home_without_file(home, tmp_path)
    evidence = """'{"facts":{"death_date":"2026-05-17"},"param":{},"deliveries":{"psb_resident":"2026-11-17"}}' as evidence"""
    known = dict.fromkeys(("hits", "case_hits", "supervision"), evidence)
    for name, told in (known | {"facts_person": "date '2026-05-17' as death_date"}).items():
        path = copied.runs / DAYS[-1] / f"{name}.parquet"
        duckdb.sql(f"copy (select * replace ({told}) from '{path}') to '{path}.new' (format parquet)")
        Path(f"{path}.new").replace(path)
    publish(copied, Settings(threads=1))
    with opened(copied) as connection:
        assert connection.execute("select distinct death_date::varchar from fact_person").fetchall() == [("2026-05-01",)]
        for table in ("hit", "case_hit", "supervision"):
            told = connection.execute(f"select distinct evidence from latest_{table}").fetchall()
            assert all('"death_date":"2026-05"}' in text and '"2026-11-17"' in text for (text,) in told)
        assert connection.execute("select count(*) from latest_hit").fetchall() != [(0,)]


def test_neither_the_key_nor_its_secret_reach_the_file(home: run.Home) -> None:
    key = token_key(home.keys)
    content = (home.published / "warehouse.duckdb").read_bytes()
    secrets = [key.hex(), hmac.digest(key, b"token", "sha256").hex()[:32]]
    assert [secret for secret in secrets if secret.encode() in content] == []
    with opened(home) as connection:
        functions = connection.execute("select * from duckdb_functions() where function_name = 'token'").fetchall()
    assert functions == []


def test_every_table_and_column_has_its_comment_in_chinese_and_english(home: run.Home) -> None:
    with opened(home) as connection:
        tables = connection.execute(
            "select table_name, comment from duckdb_tables() "
            "union all select view_name, comment from duckdb_views() where not internal"
        ).fetchall()
        columns = connection.execute(
            "select table_name, column_name, comment from duckdb_columns() where not internal"
        ).fetchall()
        schemas = connection.execute("select schema_name from duckdb_schemas() where not internal order by 1").fetchall()
    assert {name for name, _ in tables if not name.startswith("latest_")} == set(outputs("analyst"))
    assert all(comment and " / " in comment for _, comment in tables)
    assert [column for *column, comment in columns if not comment or " / " not in comment] == []
    assert schemas == [("first_said",), ("replaced",)]


def test_history_holds_all_runs_and_people_the_newest(home: run.Home) -> None:
    with opened(home) as connection:
        per_run = {
            table: connection.execute(f"select count(*) from {table} group by as_of order by as_of").fetchall()
            for table in (
                "hit",
                "case_history",
                "case_hit",
                "supervision",
                "ledger",
                "freshness",
                "coverage",
                "parameter",
                "run",
            )
        }
        newest = [
            connection.execute(f"select count(*) from {table}").fetchall()[0][0]
            for table in ("person", "fact_person", "household")
        ]
        latest = connection.execute("select distinct as_of::varchar from latest_hit").fetchall()
    assert per_run["hit"] == [(4,), (1,)]
    assert per_run["case_history"] == [(2,), (2,)]
    assert per_run["case_hit"] == [(3,), (1,)]
    assert per_run["supervision"] == [(1,)]
    assert {count for name in ("ledger", "freshness", "coverage", "parameter", "run") for (count,) in per_run[name]} == {1}
    assert newest == [3, 3, 1]
    assert latest == [(DAYS[1],)]


def test_a_subject_has_one_token_in_every_table_and_run(home: run.Home) -> None:
    key = token_key(home.keys)
    with opened(home) as connection:
        person = connection.execute("select household from person where person = ?", [token(key, citizen(1))]).fetchall()
        household = connection.execute("select household, member_count from household").fetchall()
        nights = connection.execute(
            "select count(distinct as_of) from hit where subject = ?", [token(key, citizen(1))]
        ).fetchall()
        joined = connection.execute("select count(*) from hit join fact_person on hit.subject = fact_person.person").fetchall()
    assert person == [(token(key, HOUSE),)]
    assert household == [(token(key, HOUSE), 2)]
    assert nights == [(2,)]
    assert joined == [(4,)]


def test_listing_says_what_was_left_off_and_why(home: run.Home) -> None:
    with opened(home) as connection:
        found = connection.execute("select is_listed, why from listing where as_of = ? order by 1", [DAYS[0]]).fetchall()
    assert found == [(False, "blue"), (True, "red")]


def test_an_open_reader_keeps_its_snapshot_while_a_new_file_is_swapped_in(home: run.Home) -> None:
    with opened(home) as reader:
        before = reader.execute("select count(*) from hit").fetchall()
        assert publish(home, Settings(threads=2)) == home.published / "warehouse.duckdb"
        assert reader.execute("select count(*) from hit").fetchall() == before
    assert [p.name for p in home.published.iterdir()] == ["warehouse.duckdb"]
    assert not list(home.runs.glob(".publishing*"))


def test_a_build_that_fails_leaves_the_old_file_as_it_was(home: run.Home, tmp_path: Path) -> None:
    broken = run.Home(tmp_path / "broken")
    shutil.copytree(home.root, broken.root)
    before = (broken.published / "warehouse.duckdb").read_bytes()
    run_again(broken, DAYS[1])
    (broken.runs / DAYS[1] / "hits.parquet").write_bytes(b"PAR1")
    with pytest.raises(duckdb.Error):
        publish(broken, Settings(threads=1))
    assert (broken.published / "warehouse.duckdb").read_bytes() == before
    assert [p.name for p in broken.published.iterdir()] == ["warehouse.duckdb"]


def test_nights_added_one_by_one_give_what_all_runs_give_at_once(home: run.Home, tmp_path: Path) -> None:
    one_by_one = a_home_without_file(home, tmp_path)
    (one_by_one.runs / DAYS[1]).rename(tmp_path / "later")
    publish(one_by_one, Settings(threads=1))
    (tmp_path / "later").rename(one_by_one.runs / DAYS[1])
    assert not is_current(one_by_one, Settings(threads=1))
    publish(one_by_one, Settings(threads=2))
    assert is_current(one_by_one, Settings(threads=1))
    assert content_of(one_by_one) == content_of(home)


def test_a_run_that_is_held_is_not_read_again(home: run.Home, tmp_path: Path) -> None:
    thinned = a_home_without_file(home, tmp_path)
    publish(thinned, Settings(threads=1))
    for path in (thinned.runs / DAYS[0]).glob("*.parquet"):
        path.unlink()
    publish(thinned, Settings(threads=1))
    assert content_of(thinned) == content_of(home)


def test_a_night_run_again_takes_the_place_of_what_was_published_of_it(home: run.Home, tmp_path: Path) -> None:
    again = a_home_without_file(home, tmp_path)
    publish(again, Settings(threads=1))
    shutil.copy(again.runs / DAYS[1] / "hits.parquet", again.runs / DAYS[0] / "hits.parquet")
    run_again(again, DAYS[0])
    assert not is_current(again, Settings(threads=1))
    publish(again, Settings(threads=1))
    with opened(again) as connection:
        assert connection.execute("select count(*) from hit group by as_of order by as_of").fetchall() == [(1,), (1,)]
        assert connection.execute("select run_id from run order by as_of").fetchall() == [("again",), ("abc",)]
    incremental = content_of(again)
    (again.published / "warehouse.duckdb").unlink()
    publish(again, Settings(threads=1))
    assert content_of(again) == incremental


def copy_of_night(home: run.Home, day: str) -> None:
    """One more night, which said what the last one did."""
    folder = shutil.copytree(home.runs / DAYS[1], home.runs / day)
    manifest = (folder / run.MANIFEST).read_text(encoding="utf-8")
    (folder / run.MANIFEST).write_text(manifest.replace(DAYS[1], day), encoding="utf-8")


def test_the_newest_nights_and_the_ends_of_months_are_held_when_their_number_is_set(home: run.Home, tmp_path: Path) -> None:
    longer = a_home_without_file(home, tmp_path)
    later = ["2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03"]
    for day in later:
        copy_of_night(longer, day)
    publish(longer, Settings(threads=1))
    with opened(longer) as connection:
        assert connection.execute("select count(distinct as_of) from hit").fetchall() == [(6,)], "all, when no number is set"
    whole = content_of(longer)
    two = Settings(threads=1).model_copy(update={"analyst_nights": 2})  # fewer than anybody may set, so that few nights do
    assert not is_current(longer, two)
    publish(longer, two)
    assert is_current(longer, two)
    assert not is_current(longer, Settings(threads=1)), "who wants all again gets them from the runs"
    for table in ("run", "hit", "coverage"):
        with opened(longer) as connection:
            days = connection.execute(f"select distinct cast(as_of as varchar) from {table} order by 1").fetchall()
        assert [day for (day,) in days] == [later[0], *later[2:]]
    thinned = content_of(longer)
    (longer.published / "warehouse.duckdb").unlink()
    publish(longer, two)
    assert content_of(longer) == thinned
    publish(longer, Settings(threads=1))
    assert content_of(longer) == whole


@pytest.mark.parametrize("harm", ["missing", "no database", "cut short", "another key", "older promise"])
def test_a_file_that_is_of_no_use_is_made_from_all_runs(home: run.Home, tmp_path: Path, harm: str) -> None:
    harmed = a_home_without_file(home, tmp_path)
    path = publish(harmed, Settings(threads=1))
    before = content_of(harmed)
    if harm == "missing":
        path.unlink()
    elif harm == "no database":
        path.write_bytes(b"monitor")
    elif harm == "cut short":
        path.write_bytes(path.read_bytes()[:100_000])
    elif harm == "another key":
        (harmed.keys / "token.key").write_text("0" * 64, encoding="ascii")
    else:
        with duckdb.connect(str(path)) as connection:
            connection.execute("create or replace macro made_by() as 'earlier'")
    assert not is_current(harmed, Settings(threads=1))
    publish(harmed, Settings(threads=1))
    assert is_current(harmed, Settings(threads=1))
    after = content_of(harmed)
    assert {name: len(rows) for name, rows in after.items()} == {name: len(rows) for name, rows in before.items()}
    assert (after == before) == (harm != "another key")


def test_the_tables_of_the_newest_run_take_the_place_of_the_older(home: run.Home, tmp_path: Path) -> None:
    same = a_home_without_file(home, tmp_path)
    sizes = [publish(same, Settings(threads=1)).stat().st_size for _ in range(12)]
    assert max(sizes[6:]) <= max(sizes[:6]), "it swings by a few blocks and does not grow"


def test_without_a_run_there_is_nothing_to_publish(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="没有可以发布的结果"):
        publish(run.Home(tmp_path), Settings(threads=1))
