"""One file, one SELECT, one table; the order is learnt from what a file reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from given import night

from monitor import transform
from monitor.errors import PromiseBroken
from monitor.transform import layer_files, run_layer, tables_read


@pytest.fixture
def sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of SQL files with the layer `core`."""
    monkeypatch.setattr(transform, "SQL", tmp_path)
    (tmp_path / "core" / "sub").mkdir(parents=True)
    return tmp_path / "core"


def test_what_is_read_is_built_first(sql: Path) -> None:
    (sql / "a.sql").write_text("select n + 1 as n from core.b")
    (sql / "sub" / "b.sql").write_text("select 1 as n")
    connection = night()
    assert run_layer(connection, "core") == ["core.b", "core.a"]
    assert connection.execute("select n from core.a").fetchall() == [(2,)]


def test_a_prefix_builds_some_and_reads_the_rest_as_it_is(sql: Path) -> None:
    (sql / "one_a.sql").write_text("select 1 as n")
    (sql / "two_b.sql").write_text("select n from core.one_a")
    connection = night()
    assert run_layer(connection, "core", prefix="one_") == ["core.one_a"]
    assert run_layer(connection, "core", prefix="two_") == ["core.two_b"]


def test_a_file_marked_as_view_is_not_stored(sql: Path) -> None:
    (sql / "a.sql").write_text("-- View. One row: a number. Key: n.\nselect 1 as n")
    (sql / "b.sql").write_text("select n from core.a")
    connection = night()
    run_layer(connection, "core")
    kinds = connection.execute("select table_name, table_type from information_schema.tables where table_schema = 'core'")
    assert sorted(kinds.fetchall()) == [("a", "VIEW"), ("b", "BASE TABLE")]


def test_rows_are_stored_in_the_order_asked_for(sql: Path) -> None:
    (sql / "a.sql").write_text("select unnest([3, 1, 2]) as n")
    (sql / "b.sql").write_text("-- View. One row: a number. Key: n.\nwith odd as (from core.a) select n from odd where n <> 2")
    connection = night()
    run_layer(connection, "core", order_by="n")
    assert connection.execute("from core.a").fetchall() == [(1,), (2,), (3,)]
    assert connection.execute("from core.b").fetchall() == [(1,), (3,)]


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_a_sliced_table_is_the_same_whatever_the_slices(sql: Path, monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    monkeypatch.setattr(transform, "ROWS_AT_ONCE", rows)
    (sql / "a.sql").write_text("select unnest([5, 3, 9, 1, 7]) as n")
    (sql / "b.sql").write_text(
        "-- Sliced by n of core.a. One row: a number.\n"
        "with odd as (from core.a) select n, n + 1 as next from odd left join (select 3 as n) as three using (n)"
    )
    connection = night()
    assert run_layer(connection, "core") == ["core.a", "core.b"]
    assert connection.execute("from core.b").fetchall() == [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10)]


def test_a_sliced_table_of_nobody_is_empty(sql: Path) -> None:
    (sql / "a.sql").write_text("select 1 as n where false")
    (sql / "b.sql").write_text("-- Sliced by n of core.a. One row: a number.\nselect n from core.a")
    connection = night()
    run_layer(connection, "core")
    assert connection.execute("from core.b").fetchall() == []


def test_a_passing_table_is_gone_when_its_layer_is_made(sql: Path) -> None:
    (sql / "a.sql").write_text("-- Passing. One row: a number. Key: n.\nselect 1 as n")
    (sql / "b.sql").write_text("select n from core.a")
    connection = night()
    run_layer(connection, "core")
    tables = connection.execute("select table_name from duckdb_tables() where schema_name = 'core'").fetchall()
    assert tables == [("b",)]


def test_a_circle_is_told_as_a_circle(sql: Path) -> None:
    (sql / "a.sql").write_text("select * from core.b")
    (sql / "b.sql").write_text("select * from core.a")
    with pytest.raises(PromiseBroken, match="circle"):
        run_layer(night(), "core")


def test_two_files_of_one_name_are_refused(sql: Path) -> None:
    (sql / "a.sql").write_text("select 1 as n")
    (sql / "sub" / "a.sql").write_text("select 2 as n")
    with pytest.raises(PromiseBroken, match="twice"):
        layer_files("core")


@pytest.mark.parametrize("text", ["drop table core.a", "select from where", "create table x as select 1"])
def test_a_file_that_is_not_one_select_is_refused(sql: Path, text: str) -> None:
    (sql / "a.sql").write_text(text)
    with pytest.raises(PromiseBroken, match="not one SELECT"):
        run_layer(night(), "core")


def test_reads_are_found_in_joins_and_subqueries_but_ctes_are_no_tables() -> None:
    text = "with c as (select * from core.a) select * from c join staging.b using (n) where n in (select n from facts.d)"
    assert tables_read(night(), text) == {("core", "a"), ("staging", "b"), ("facts", "d")}
