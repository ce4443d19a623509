"""Departments are told of what a visit found true and referred: of that alone, and with their own fields only."""

import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from identity import find_identity

from monitor.indicators import load_catalogue
from monitor.lists.files import write_files
from monitor.referrals import refer, referral_contract, routes_of
from monitor.settings import Settings
from monitor.store import connect, literal, write_parquet
from monitor.vocabulary import Direction

LIST_DAY, LATER_LIST = date(2026, 11, 2), date(2026, 11, 9)
CASE, AUDIT = "V530622-20261102-0001", "A530622-20261102-0001"
HEAD, CHILD = "990123197001010012", "990123201501010021"
ROUTES = {"EHD-003": "教育资助", "INC-001": "低保", "EXP-002": "临时救助，医疗救助", "EHD-011": "走访", "OWN-001": "没听说过的"}
_TABLES = """
create schema learned;
create table cases.previous_case(case_no varchar, reopened_on date);
create table core.person(person bigint, name varchar, phone varchar, address varchar, household bigint, village_code varchar);
create table core.household(household bigint, household_id varchar, head bigint, member_count integer);
create table core.region(code varchar, name varchar);
create table learned.answer(case_no varchar, kind varchar, subject varchar, household varchar, county varchar, township varchar,
    list_as_of date, answer varchar, answered_on date, is_in_force boolean);
create table learned.earlier_answer as select * from learned.answer;
insert into core.household values (1, 'H:1', id_key('990123197001010012'), 2);
insert into core.person values (id_key('990123197001010012'), '户甲', '15412345678', '=1+1路3号', 1, '530622001001'),
    (id_key('990123201501010021'), '孩乙', null, '=1+1路3号', 1, '530622001001');
insert into core.region values ('530622', '巧家县'), ('530622001', '白鹤滩镇'), ('530622001001', '莲塘社区');
"""


def referred(
    folder: Path,
    answer: str,
    hits: Sequence[tuple[str, str]],
    *,
    before: str | None = None,
    case: str = CASE,
    on_list: date = LIST_DAY,
    reopened_on: date | None = None,
) -> dict[str, list[dict[str, str]]]:
    """Department -> its lines, when the case that these (indicator, subject) stood in is answered, on a list of this day.

    What was answered `before` was answered on the list of the first day.
    """
    connection = connect(None, Settings(threads=1), variables={"as_of": date(2026, 11, 20), "region": "53"})
    connection.execute(_TABLES)
    kind = {"V": "visit", "A": "audit", "R": "review"}[case[0]]
    connection.execute("insert into cases.previous_case values ($case, $day)", {"case": case, "day": reopened_on})
    rows = [("answer", answer, on_list, True)]
    if before:
        rows += [("earlier_answer", before, LIST_DAY, True), ("answer", before, LIST_DAY, False)]
    for table, given, day, in_force in rows:
        row = (case, kind, "H:1", "H:1", "530622", "530622001", day, given, day, in_force)
        connection.execute(f"insert into learned.{table} values ({', '.join(map(literal, row))})")
    refer(connection, _run(connection, folder, case, hits), folder / "out", ROUTES, write_files)
    return {path.stem: _read(path) for path in sorted((folder / "out").rglob("*.csv"))}


def _run(connection: duckdb.DuckDBPyConnection, folder: Path, case: str, hits: Sequence[tuple[str, str]]) -> Path:
    run = folder / LIST_DAY.isoformat()
    run.mkdir()
    connection.execute("create table written(case_no varchar, indicator varchar, unit varchar, subject varchar)")
    for indicator, subject in hits:
        row: tuple[Any, ...] = (case, indicator, "household" if subject[1] == ":" else "person", subject)
        connection.execute(f"insert into written values ({', '.join(map(literal, row))})")
    write_parquet(connection, "select * from written order by all", run / "case_hits.parquet")
    return run


def _read(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def test_each_department_has_one_line_with_its_own_matter(tmp_path: Path) -> None:
    lines = referred(tmp_path, "true_referred", [("EHD-003", CHILD), ("INC-001", "H:1"), ("EXP-002", HEAD)])
    matters = {department: [line["转介内容"] for line in rows] for department, rows in lines.items()}
    assert matters == {"civil_affairs": ["临时救助；低保"], "education": ["教育资助"], "medical_insurance": ["医疗救助"]}


def test_a_line_names_those_whom_it_concerns(tmp_path: Path) -> None:
    lines = referred(tmp_path, "true_referred", [("EHD-003", CHILD), ("EXP-002", HEAD)])
    assert [line["对象"] for line in lines["education"]] == ["孩乙"]
    assert [line["对象"] for line in lines["medical_insurance"]] == ["户甲"]


def test_files_have_the_declared_columns_and_no_other(tmp_path: Path) -> None:
    contract = referral_contract()
    lines = referred(tmp_path, "true_referred", [("EHD-003", CHILD), ("INC-001", "H:1"), ("EXP-002", HEAD)])
    for department, rows in lines.items():
        assert list(rows[0]) == [contract.columns[name] for name in contract.columns_of(department)]


def test_whoever_is_given_no_id_has_none(tmp_path: Path) -> None:
    referred(tmp_path, "true_referred", [("INC-001", "H:1"), ("EXP-002", HEAD)])
    folder = tmp_path / "out" / "referrals"
    assert find_identity(folder / "civil_affairs.csv", [HEAD, CHILD]) == []
    assert find_identity(folder / "medical_insurance.csv", [HEAD]) != []


def test_cells_are_safe_to_open(tmp_path: Path) -> None:
    lines = referred(tmp_path, "true_referred", [("INC-001", "H:1"), ("EXP-002", HEAD)])
    assert lines["civil_affairs"][0]["住址"] == "'=1+1路3号"
    assert lines["medical_insurance"][0]["身份证号"] == f"'{HEAD}"


@pytest.mark.parametrize("answer", ["true_enrolled", "true_temporary", "true_covered", "false_data", "pending", "declined"])
def test_no_other_answer_refers(tmp_path: Path, answer: str) -> None:
    assert referred(tmp_path, answer, [("INC-001", "H:1")]) == {}


def test_reviews_refer_nobody(tmp_path: Path) -> None:
    assert referred(tmp_path, "true_referred", [("INC-001", "H:1")], case="R530622-20261102-0001") == {}


def test_what_was_told_is_not_told_again(tmp_path: Path) -> None:
    assert referred(tmp_path, "true_referred", [("INC-001", "H:1")], before="true_referred") == {}


def test_a_corrected_answer_withdraws_the_referral(tmp_path: Path) -> None:
    lines = referred(tmp_path, "false_data", [("INC-001", "H:1")], before="true_referred")
    assert [line["事项"] for line in lines["civil_affairs"]] == ["撤回（答复已更正）"]


def test_a_correction_on_the_row_of_a_later_list_withdraws_it_from_those_who_were_told(tmp_path: Path) -> None:
    lines = referred(tmp_path, "false_data", [("EHD-003", CHILD)], before="true_referred", on_list=LATER_LIST)
    assert {name: [line["事项"] for line in rows] for name, rows in lines.items()} == {"education": ["撤回（答复已更正）"]}


def test_what_was_told_is_not_told_again_when_it_comes_back_on_a_later_list(tmp_path: Path) -> None:
    assert referred(tmp_path, "true_referred", [("INC-001", "H:1")], before="true_referred", on_list=LATER_LIST) == {}


@pytest.mark.parametrize(("answer", "told"), [("true_referred", ["转介"]), ("false_data", [])])
def test_a_case_that_was_reopened_is_referred_anew_and_withdraws_nothing(tmp_path: Path, answer: str, told: list[str]) -> None:
    days = {"on_list": LATER_LIST, "reopened_on": LATER_LIST}
    lines = referred(tmp_path, answer, [("INC-001", "H:1")], before="true_referred", **days)
    assert [line["事项"] for rows in lines.values() for line in rows] == told


@pytest.mark.parametrize("hits", [[], [("EHD-011", "H:1")], [("OWN-001", "H:1")]])
def test_what_no_department_is_named_for_goes_to_civil_affairs(tmp_path: Path, hits: list[tuple[str, str]]) -> None:
    lines = referred(tmp_path, "true_referred", hits, case=CASE if hits else AUDIT)
    assert list(lines) == ["civil_affairs"]
    assert lines["civil_affairs"][0]["对象"] == "户甲"


def test_a_rule_that_is_no_rule_of_need_refers_nobody(tmp_path: Path) -> None:
    lines = referred(tmp_path, "true_referred", [("BEN-003", "H:1"), ("EHD-003", CHILD)])
    assert list(lines) == ["education"]


def test_every_route_of_the_catalogue_has_its_receivers_in_the_table() -> None:
    known = referral_contract().routes
    rules = load_catalogue().indicators.values()
    routes = {r for one in rules if one.direction in (Direction.RISK, Direction.UNCOVERED) for r in routes_of(one.route)}
    assert routes - known.keys() == set()
    assert known.keys() - routes == set()
