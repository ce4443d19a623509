"""The analyst file as a product: any client opens it, versions hold, nights are told as first said and as known now."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest
from made_home import DAYS, HOSTILE, made_home

from monitor import run
from monitor.contracts import outputs, schema_versions
from monitor.dictionary import public_shape
from monitor.publish import is_current, publish, rebuild
from monitor.retention import release
from monitor.settings import Settings

SETTINGS = Settings(threads=1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> run.Home:
    return made_home(tmp_path_factory.mktemp("home"))


@pytest.fixture
def copy(home: run.Home, tmp_path: Path) -> run.Home:
    shutil.copytree(home.root, tmp_path / "home")
    return run.Home(tmp_path / "home")


def plainly(home: run.Home) -> duckdb.DuckDBPyConnection:
    """The file as any client opens it: without a macro, a variable or a setting of this project."""
    return duckdb.connect(str(home.published / "warehouse.duckdb"), read_only=True)


def one(connection: duckdb.DuckDBPyConnection, sql: str) -> object:
    (row,) = connection.execute(sql).fetchall()
    return row[0] if len(row) == 1 else row


def read_again(home: run.Home, day: str, hits: str) -> None:
    """Run a night again: what it said goes to `.replaced`, and its hits are those of another night."""
    first = home.runs / ".replaced" / f"{day}.1"
    first.parent.mkdir(exist_ok=True)
    shutil.copytree(home.runs / day, first)
    manifest = home.runs / day / run.MANIFEST
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"abc"', '"again"'), encoding="utf-8")
    shutil.copy(home.runs / hits / "hits.parquet", home.runs / day / "hits.parquet")


def test_clients_from_duckdb_1_0_on_can_read_the_file(home: run.Home) -> None:
    head = (home.published / "warehouse.duckdb").read_bytes()[8:20]
    assert head[:4] == b"DUCK"
    assert int.from_bytes(head[4:], "little") == 64, "the storage version of DuckDB 0.9 to 1.x"


def test_every_view_answers_in_a_plain_client_and_in_an_attached_file(home: run.Home) -> None:
    views = (
        "select schema_name || '.' || view_name from duckdb_views() where not internal and database_name = current_database()"
    )
    with plainly(home) as connection:
        names = [name for (name,) in connection.execute(views).fetchall()]
        for name in names:
            connection.execute(f"from {name}").fetchall()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{home.published / 'warehouse.duckdb'}' as analyst (read_only)")
        for name in names:
            connection.execute(f"from analyst.{name}").fetchall()
    assert {"main.about", "main.case_outcome", "main.indicator", "main.latest_hit", "main.lineage", "first_said.hit"} <= set(
        names
    )


def test_tables_and_views_have_the_columns_that_the_contract_promises(home: run.Home) -> None:
    with plainly(home) as connection:
        for table in outputs("analyst").values():
            described = connection.execute(f"describe {table.name}").fetchall()
            found = [(name, type_.lower()) for name, type_, *_ in described][: len(table.columns)]
            assert found == [(column.name, column.type) for column in table.columns], table.name


def test_a_changed_schema_needs_a_new_version_in_the_changelog(home: run.Home) -> None:
    told = "append a version with this shape to schemas/outputs/versions.toml: major if something is gone, else minor"
    assert schema_versions()[-1].shape == public_shape(), told
    numbers = [tuple(map(int, version.version.split("."))) for version in schema_versions()]
    assert numbers == sorted(set(numbers))
    with plainly(home) as connection:
        assert one(connection, "select value from about where name = 'schema_version'") == schema_versions()[-1].version
        assert one(connection, "select count(*) from schema_change") == len(schema_versions())


READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
for _ in sys.stdin:
    print(*connection.execute("select (select count(*) from hit), (select max(run_id) from run)").fetchone(), flush=True)
"""


@contextmanager
def reader(home: run.Home) -> Iterator[Callable[[], str]]:
    """Another process that has opened the file; called, it tells what it reads. (A process opens a path once only.)"""
    command = [sys.executable, "-c", READER, str(home.published / "warehouse.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout

        def read() -> str:
            print("read", file=process.stdin, flush=True)
            return process.stdout.readline().strip() if process.stdout else ""

        yield read
        process.stdin.close()


def test_two_readers_keep_their_files_while_two_nights_are_swapped_in(copy: run.Home) -> None:
    with reader(copy) as before:
        assert before() == "5 abc"
        read_again(copy, DAYS[0], hits=DAYS[1])
        publish(copy, SETTINGS)
        with reader(copy) as between:
            assert (before(), between()) == ("5 abc", "2 again")
            rebuild(copy, SETTINGS)
            assert (before(), between()) == ("5 abc", "2 again")
    assert [path.name for path in copy.published.iterdir()] == ["warehouse.duckdb"]


def test_a_night_run_again_is_kept_as_it_was_first_said(copy: run.Home) -> None:
    read_again(copy, DAYS[0], hits=DAYS[1])
    publish(copy, SETTINGS)
    counts = "select list(n order by as_of) from (select as_of, count(*) as n from {} group by as_of)"
    with plainly(copy) as connection:
        assert one(connection, counts.format("hit")) == [1, 1]
        assert one(connection, counts.format("first_said.hit")) == [4, 1]
        assert one(connection, "select list(run_id order by as_of) from first_said.run") == ["abc", "abc"]
        assert one(connection, "select list(run_id order by as_of) from run") == ["again", "abc"]
        incremental = connection.execute("from first_said.case_hit order by all").fetchall()
    assert is_current(copy, SETTINGS)
    rebuild(copy, SETTINGS)
    with plainly(copy) as connection:
        assert connection.execute("from first_said.case_hit order by all").fetchall() == incremental
        assert one(connection, counts.format("first_said.hit")) == [4, 1]


def test_what_a_night_first_said_outlives_its_people(copy: run.Home) -> None:
    for day in ("2026-11-20", "2026-11-21"):
        shutil.copytree(copy.runs / DAYS[1], copy.runs / day)
        manifest = copy.runs / day / run.MANIFEST
        manifest.write_text(manifest.read_text(encoding="utf-8").replace(DAYS[1], day), encoding="utf-8")
    read_again(copy, DAYS[0], hits=DAYS[1])
    publish(copy, SETTINGS)
    said = "from first_said.{} order by all"
    with plainly(copy) as connection:
        before = [connection.execute(said.format(table)).fetchall() for table in ("run", "hit", "case_history", "coverage")]
    release(copy, Settings(keep_nights=2, keep_months=0))
    assert not list(copy.runs.rglob(f"{DAYS[0]}*/person.parquet"))
    for bring_up in (publish, rebuild):
        bring_up(copy, SETTINGS)
        with plainly(copy) as connection:
            after = [connection.execute(said.format(table)).fetchall() for table in ("run", "hit", "case_history", "coverage")]
        assert after == before


def test_runs_of_older_software_are_read_and_what_they_lack_is_empty(copy: run.Home) -> None:
    for day in DAYS:
        (copy.runs / day / "weight.parquet").unlink(missing_ok=True)
        (copy.runs / day / "catalogue.json").unlink()
        for name, column in (("cases", "score"), ("person", "area_kind")):
            path = copy.runs / day / f"{name}.parquet"
            duckdb.sql(f"copy (select * exclude ({column}) from '{path}') to '{path}.older' (format parquet)")
            Path(f"{path}.older").replace(path)
    rebuild(copy, SETTINGS)
    with plainly(copy) as connection:
        assert one(connection, "select count(*), count(score) from case_history") == (4, 0)
        assert one(connection, "select count(*), count(area_kind) from person") == (3, 0)
        assert one(connection, "select count(*) from indicator") == 0
        assert one(connection, "select count(*) from weight") == 0


def test_new_words_reach_the_file_without_reading_the_runs_again(copy: run.Home) -> None:
    path = copy.published / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create or replace macro described_by() as 'earlier words'")
        connection.execute("update dictionary_table set zh = '旧'")
        connection.execute("create view gone as select 1 as a")
    assert not is_current(copy, SETTINGS)
    for run_file in (copy.runs / DAYS[0]).glob("*.parquet"):
        run_file.unlink()
    publish(copy, SETTINGS)
    assert is_current(copy, SETTINGS)
    with plainly(copy) as connection:
        assert one(connection, "select count(*) from dictionary_table where zh = '旧'") == 0
        assert one(connection, "select count(*) from duckdb_views() where view_name = 'gone'") == 0
        assert one(connection, "select count(*) from hit") == 5


def test_hostile_text_of_a_rule_is_text_and_nothing_else(home: run.Home) -> None:
    told = HOSTILE.replace("\\u001b", "\x1b")
    with plainly(home) as connection:
        assert one(connection, "select title_zh, title_en from indicator") == (told, told)
        assert one(connection, "select count(*) from hit") == 5


def test_a_rule_is_titled_and_tells_its_facts_and_numbers(home: run.Home) -> None:
    with plainly(home) as connection:
        found = one(connection, "select indicator, domain_zh, points, evidence, parameters, is_in_use from indicator")
        steps = connection.execute(
            "select from_kind, from_name, how from lineage where to_name = 'HLT-001' order by all"
        ).fetchall()
    assert found == ("HLT-001", "健康残疾与照料", 5, "a", "b,c", True)
    assert steps == [("fact", "person.a", "read"), ("parameter", "b", "read"), ("parameter", "c", "read")]


def test_a_case_is_told_as_it_is_known_now(home: run.Home) -> None:
    with plainly(home) as connection:
        told = connection.execute(
            "select state, is_open, nights, first_seen::varchar, last_as_of::varchar from case_outcome order by case_no"
        ).fetchall()
        cases = one(connection, "select count(distinct case_no) from case_history")
    assert len(told) == cases
    assert {(nights, first, last) for _, _, nights, first, last in told} == {(2, DAYS[0], DAYS[1])}
    assert all(is_open == (state not in ("cleared", "closed")) for state, is_open, *_ in told)
