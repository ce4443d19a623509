"""What three nights of a dirty county must leave behind."""

import csv
import io
import re

import duckdb
import pytest
from identity import find_identity
from nights import LAST

from monitor.contracts import extracts
from monitor.indicators import load_catalogue
from monitor.parameters import load_parameters


def rows(county, select: str, night: int = -1) -> list[tuple]:
    folder = sorted(county.runs.glob("2*"))[night]
    return duckdb.sql(select.replace("{run}", str(folder))).fetchall()


@pytest.mark.parametrize("night", [0, 1, 2])
def test_every_ledger_line_adds_up(county, night: int) -> None:
    lines = rows(county, "select rows_read, loaded + superseded + quarantined, state from '{run}/ledger.parquet'", night)
    assert lines
    assert [read for read, kept, _ in lines] == [kept for _, kept, _ in lines]


def test_all_dirt_left_its_mark_in_the_ledger(county) -> None:
    [(states, quarantined, blanked, superseded)] = rows(
        county,
        "select list_sort(list(distinct state)), sum(quarantined), sum(blanked), sum(superseded) from '{run}/ledger.parquet'",
    )
    assert states == ["in_force", "refused", "replaced"]
    assert min(quarantined, blanked, superseded) > 0


def test_every_extract_has_its_freshness(county) -> None:
    assert {name for (name,) in rows(county, "select extract from '{run}/freshness.parquet'")} == set(extracts())


def test_every_indicator_judges_everybody_it_asks(county) -> None:
    asked = rows(county, "select indicator, sum(hit + clear + unknown + exempt) from '{run}/coverage.parquet' group by all")
    [(people, members, living)] = rows(
        county,
        "select count(*), count(*) filter (is_member), count(*) filter (not is_dead)"
        " from '{run}/person.parquet' join '{run}/facts_person.parquet' using (subject)",
    )
    [(households,)] = rows(county, "select count(*) from '{run}/household.parquet'")
    sizes = {"members": members, "everybody": people, "living": living}
    catalogue = load_catalogue().indicators
    expected = {c: households if rule.unit == "household" else sizes[rule.asked] for c, rule in catalogue.items()}
    assert dict(asked) == expected


def test_hits_and_coverage_say_the_same(county) -> None:
    different = rows(
        county,
        """
        with hits as (select indicator, county, count(*) as hit from '{run}/hits.parquet' group by all)
        select * from '{run}/coverage.parquet' as c left join hits using (indicator, county)
        where c.hit <> coalesce(hits.hit, 0)
        """,
    )
    assert different == []


def test_a_case_holds_what_its_hits_say(county) -> None:
    without = rows(
        county,
        """
        select h.indicator from '{run}/hits.parquet' as h
        left join '{run}/case_hits.parquet' as c using (indicator, subject)
        where c.case_no is null and h.indicator not in (select indicator from '{run}/supervision.parquet')
        """,
    )
    assert without == []


def test_cases_keep_their_numbers_over_nights(county) -> None:
    first = dict(rows(county, "select case_no, kind from '{run}/cases.parquet'", 0))
    last = dict(rows(county, "select case_no, kind from '{run}/cases.parquet' where first_seen = '2026-11-18'", 2))
    assert last
    assert last.items() <= first.items()


def test_a_household_has_one_case_of_a_kind(county) -> None:
    [(cases, subjects)] = rows(
        county, "select count(distinct case_no), count(distinct subject || kind) from '{run}/cases.parquet'"
    )
    assert cases == subjects


def test_over_the_nights_cases_come_and_go(county) -> None:
    states = {state for night in range(3) for (state,) in rows(county, "select state from '{run}/cases.parquet'", night)}
    assert {"new", "continuing", "cleared"} <= states


def test_listed_and_left_off_are_all_open_cases(county) -> None:
    listed = {case for (case,) in rows(county, "select case_no from '{run}/listed.parquet'")}
    left_off = {case for (case,) in rows(county, "select case_no from '{run}/left_off.parquet'")}
    standing = "select case_no from '{run}/cases.parquet' where state not in ('cleared', 'closed')"
    open_cases = {case for (case,) in rows(county, standing)}
    assert listed | left_off == open_cases
    assert not listed & left_off


def test_lists_hold_each_listed_household_once_in_plain_cells(county) -> None:
    in_files: list[str] = []
    for path in county.lists.rglob("[0-9s]*.csv"):
        data = path.read_bytes()
        assert data.startswith(b"\xef\xbb\xbf")
        assert data.count(b"\n") == data.count(b"\r\n")
        table = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
        assert not [cell for row in table for cell in row.values() if cell.lstrip().startswith(("=", "+", "-", "@"))]
        if path.name != "supervision.csv":
            in_files += [row["工单编号"] for row in table]
            assert all(row["原因"] and row["办理期限"] for row in table)
    listed = (
        "select case_no from '{run}/listed.parquet' union all select case_no from '{run}/audits.parquet' where ended_on is null"
    )
    assert sorted(in_files) == sorted(case for (case,) in rows(county, listed))


def test_the_analyst_file_holds_no_identity(county) -> None:
    people = rows(county, "select id_no, name, phone from '{run}/person.parquet'")
    ids, names, phones = ({cell for cell in column if cell} for column in zip(*people, strict=True))
    long_names = {name for name in names if len(name) >= 3}
    with duckdb.connect(county.settings.home / "published" / "warehouse.duckdb", read_only=True) as analyst:
        assert find_identity(analyst, ids, long_names, phones) == []


def test_the_manifest_holds_a_hash_of_all_that_a_night_depends_on(county) -> None:
    last = county.manifests[-1]
    assert last["parameters"]["sha256"] == load_parameters().sha256
    assert last["catalogue"]["sha256"] == load_catalogue().sha256
    for one in (*last["inputs"], *last["outputs"].values()):
        assert re.fullmatch("[0-9a-f]{64}", one["sha256"])


def test_the_manifest_and_the_sidecars_of_landing_hold_no_identity(county) -> None:
    ids = {one for (one,) in rows(county, "select id_no from '{run}/person.parquet'")}
    phones = {one for (one,) in rows(county, "select phone from '{run}/person.parquet' where phone is not null")}
    for path in [county.last_run / "manifest.json", *(county.settings.home / "landing").rglob("*.json")]:
        assert find_identity(path, ids, (), phones) == []


def test_every_table_and_column_of_the_analyst_file_is_explained(county) -> None:
    with duckdb.connect(county.settings.home / "published" / "warehouse.duckdb", read_only=True) as analyst:
        silent = analyst.execute(
            "select table_name, column_name from duckdb_columns() where not internal and comment is null"
            " union all select table_name, null from duckdb_tables() where not internal and comment is null"
        ).fetchall()
    assert silent == []


def test_departments_are_told_of_their_deliveries_and_of_nobody(county) -> None:
    told = county.settings.home / "reports" / LAST.isoformat()
    refused = [row["delivery"] for row in county.manifests[-1]["summary"]["refused"]]
    pages = {path.stem: path.read_text(encoding="utf-8") for path in told.glob("*/*.html")}
    newest = {name for name in pages if name.endswith(LAST.strftime("%Y%m%d"))}
    assert newest >= {name for name in refused if name.endswith(LAST.strftime("%Y%m%d"))} != set()
    held = b"".join(path.read_bytes() for path in told.rglob("*") if path.is_file())
    assert not re.search(rb"990\d{14}[\dXx]", held)
