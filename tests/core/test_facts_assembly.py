"""The wide rows: every declared fact once, in its type, blank when a department is late; and the files of a run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from given import core_of, made_up_id

from monitor.contracts import facts, outputs
from monitor.errors import PromiseBroken
from monitor.facts import build_facts, wide, write_facts
from monitor.facts.wide import build_wide, check_topics
from monitor.parameters import resolve_parameters

IDS = [made_up_id(n, f"19{50 + n}-01-01") for n in range(9)]
# the register comes in no order of its IDs
REGISTER = [{"id_no": id_no, "hukou_no": str(n // 2), "name": "某某"} for n, id_no in enumerate(IDS[:7])]
ROWS = {
    "psb_resident": REGISTER[3:] + REGISTER[:3],
    "mca_payment": [{"id_no": IDS[7]}, {"id_no": IDS[8]}],
    "mca_care": [{"id_no": IDS[0], "care_kind": "alone"}],
}


def built(delivered: dict[str, str | None] | None = None) -> duckdb.DuckDBPyConnection:
    connection = core_of(ROWS, delivered=delivered)
    resolve_parameters(connection, date(2026, 11, 20))
    build_facts(connection)
    return connection


@pytest.fixture(scope="module")
def fresh() -> duckdb.DuckDBPyConnection:
    return built()


@pytest.mark.parametrize("unit", ["person", "household"])
def test_every_declared_fact_is_there_once_in_its_type_and_order(fresh: duckdb.DuckDBPyConnection, unit: str) -> None:
    columns = fresh.execute(f"describe facts.{unit}").fetchall()
    found = [(name, kind.lower()) for name, kind, *_ in columns][len(wide.PLACED[unit]) :]
    assert found == [(fact.name, fact.sql_type) for fact in facts(unit).values()]


def test_there_is_one_row_per_known_person_and_per_household(fresh: duckdb.DuckDBPyConnection) -> None:
    assert fresh.execute("select count(*), count(distinct person) from facts.person").fetchall() == [(9, 9)]
    assert fresh.execute("select count(*), count(distinct household) from facts.household").fetchall() == [(4, 4)]


def test_who_has_no_record_gets_what_is_declared_for_that(fresh: duckdb.DuckDBPyConnection) -> None:
    declared = facts("person")
    silent = ("is_left_behind_child", "care_visit_overdue", "self_paid_12m_yuan", "care_visit_days", "disability_kind")
    row = fresh.execute(f"select {', '.join(silent)} from facts.person order by person desc limit 1").fetchall()[0]
    expected = [declared[name].no_record for name in silent]
    assert list(row) == expected == [False, False, 0, None, None]


def test_facts_that_need_a_late_extract_are_blank_and_others_are_not() -> None:
    late = built({"mca_care": "2026-09-20"})
    assert late.execute(
        "select count(is_left_behind_child), count(is_homeless), count(age_years) from facts.person"
    ).fetchall() == [(0, 0, 9)]
    needing = [fact.name for fact in facts("person").values() if "mca_care" in fact.needs]
    blank = late.execute(f"select {', '.join(f'count({name})' for name in needing)} from facts.person").fetchall()[0]
    assert set(blank) == {0}
    assert late.execute("select count(is_left_behind_child) from facts.person_wide").fetchall() == [(9,)]


def test_an_extract_that_never_came_blanks_its_facts() -> None:
    assert built({"nhsa_settlement": None}).execute("select count(self_paid_12m_yuan) from facts.household").fetchall() == [
        (0,)
    ]


def test_a_night_of_nobody_has_no_facts_and_no_fault() -> None:
    connection = core_of({})
    resolve_parameters(connection, date(2026, 11, 20))
    build_facts(connection)
    assert connection.execute("select count(*) from facts.person").fetchall() == [(0,)]


def test_undeclared_and_unmade_facts_are_all_told_at_once() -> None:
    connection = built()
    connection.execute("alter table facts.person_care rename column is_homeless to sleeps_outside")
    connection.execute("alter table facts.person_identity drop column is_missing")
    with pytest.raises(PromiseBroken) as raised:
        check_topics(connection, "person")
    told = str(raised.value)
    for text in ("does not make is_homeless", "makes sleeps_outside", "does not make is_missing"):
        assert text in told
    assert len(raised.value.faults) == 3


def test_two_rows_of_one_person_break_the_promise() -> None:
    connection = built()
    connection.execute("insert into facts.person_care select * from facts.person_care limit 1")
    with pytest.raises(PromiseBroken, match=r"facts\.person_care\S\s?1 subjects have more than one row"):
        build_wide(connection, "person")


def test_slices_change_nothing(fresh: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = fresh.execute("select * from facts.person_wide").fetchall()
    monkeypatch.setattr(wide, "SUBJECTS_AT_ONCE", 2)
    build_wide(fresh, "person")
    assert fresh.execute("select * from facts.person_wide").fetchall() == whole
    assert [row[0] for row in whole] == sorted(row[0] for row in whole)


def test_many_subjects_have_their_topics_in_the_order_of_the_key(
    fresh: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wide, "SUBJECTS_AT_ONCE", 2)
    sliced = built()
    for unit in ("person", "household"):
        for table in (f"core.{unit}", *(f"facts.{topic}" for topic in wide.topics(unit)), f"facts.{unit}_wide"):
            keys = [key for (key,) in sliced.execute(f"select {unit} from {table}").fetchall()]
            assert keys == sorted(keys), table
        select = f"select * from facts.{unit}_wide"
        assert sliced.execute(select).fetchall() == fresh.execute(select).fetchall()


def test_the_files_of_a_run_are_ordered_by_subject_and_say_who(fresh: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    written = write_facts(fresh, tmp_path)
    assert written == {"person": 9, "household": 4, "facts_person": 9, "facts_household": 4}
    for name, count in written.items():
        subjects = pq.read_table(tmp_path / f"{name}.parquet").column("subject").to_pylist()
        assert len(subjects) == count
        assert subjects == sorted(subjects)
    people = pq.read_table(tmp_path / "person.parquet").to_pylist()
    assert {row["subject"] for row in people} == set(IDS)
    heads = pq.read_table(tmp_path / "household.parquet").to_pylist()
    assert [row["subject"] for row in heads] == ["H:0", "H:1", "H:2", "H:3"]
    assert {row["head"] for row in heads} <= set(IDS)
    for name, table in outputs("restricted").items():
        if name in written:
            unit = "person" if name.endswith("person") else "household"
            promised = [column.name for column in table.columns] + (list(facts(unit)) if name.startswith("facts_") else [])
            assert pq.read_schema(tmp_path / f"{name}.parquet").names == promised


def test_threads_do_not_change_a_byte(fresh: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    for threads in (1, 2):
        (tmp_path / str(threads)).mkdir()
        fresh.execute(f"set threads = {threads}")
        build_wide(fresh, "person")
        write_facts(fresh, tmp_path / str(threads))
    names = [path.name for path in sorted((tmp_path / "1").iterdir())]
    assert [(tmp_path / "1" / n).read_bytes() for n in names] == [(tmp_path / "2" / n).read_bytes() for n in names]


def test_the_order_of_a_topics_rows_changes_nothing(fresh: duckdb.DuckDBPyConnection) -> None:
    select = "select * from facts.person_wide"
    whole = fresh.execute(select).fetchall()
    shuffled = built()
    tables = [table for table in wide.topics("person") if is_stored(shuffled, table)]
    assert tables
    for table in tables:
        shuffled.execute(f"create or replace table facts.{table} as select * from facts.{table} order by person desc")
    build_wide(shuffled, "person")
    assert shuffled.execute(select).fetchall() == whole


def is_stored(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return bool(
        connection.execute(f"select 1 from duckdb_tables() where schema_name = 'facts' and table_name = '{table}'").fetchall()
    )


def test_a_topic_without_a_row_says_of_everybody_what_no_record_means() -> None:
    connection = built()
    connection.execute("delete from facts.person_care")
    build_wide(connection, "person")
    own = wide.topics("person")["person_care"]
    names = ", ".join(fact.name for fact in own)
    rows = connection.execute(f"select distinct {names} from facts.person_wide").fetchall()
    assert rows == [tuple(fact.no_record for fact in own)]
