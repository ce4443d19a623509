"""A department whose files are gone: its indicators turn unknown, nothing is cleared, and everybody is told."""

import csv
import io
import shutil
from pathlib import Path

import duckdb
import pytest
from nights import LAST, NIGHTS, County

from monitor import steps
from monitor.contracts import extracts
from monitor.settings import load_settings
from monitor.summary import summary_lines

GONE = "残联"


@pytest.fixture(scope="module")
def without(county: County, tmp_path_factory: pytest.TempPathFactory) -> County:
    """The county's last night without any file of one department, after the same nights before."""
    home = tmp_path_factory.mktemp("without")
    shutil.copytree(county.settings.home, home, dirs_exist_ok=True)
    shutil.rmtree(home / "runs" / LAST.isoformat())
    inbox = home / "inbox"
    shutil.copytree(county.settings.inbox_folder, inbox, dirs_exist_ok=True)
    gone = [name for name, contract in extracts().items() if contract.department == GONE]
    for path in [path for name in gone for path in inbox.glob(f"{name}_*")]:
        path.unlink()
    settings = load_settings(home, threads=2)
    return County(settings, (steps.run_night(settings, LAST),))


def read(path: Path, select: str) -> list[tuple]:
    return duckdb.sql(select.replace("{}", str(path))).fetchall()


def test_its_indicators_are_unknown_for_everybody_not_exempt(without: County) -> None:
    judged = read(
        without.last_run,
        "select indicator, sum(hit), sum(clear), sum(unknown) from '{}/coverage.parquet'"
        " where indicator in ('HLT-002', 'HLT-003', 'HLT-012') group by all",
    )
    assert {code for code, *_ in judged} == {"HLT-002", "HLT-003", "HLT-012"}
    assert all(hit == 0 and unknown > 0 for _, hit, _, unknown in judged)
    assert [clear for code, _, clear, _ in judged if code == "HLT-002"] == [0]


def test_it_clears_nothing_that_would_not_have_been_cleared_anyway(county: County, without: County) -> None:
    """A case may still end because of what other departments sent, such as an allowance granted that day."""
    cleared = "select case_no from '{}/cases.parquet' where state = 'cleared'"
    assert set(read(without.last_run, cleared)) <= set(read(county.last_run, cleared))
    known = "select case_no from '{}/cases.parquet' where state <> 'cleared'"
    assert set(read(county.runs / NIGHTS[-2].isoformat(), known)) <= set(
        read(without.last_run, "select case_no from '{}/cases.parquet'")
    )


def test_a_case_with_nothing_else_is_carried_with_its_colour(county: County, without: County) -> None:
    before = dict(read(county.runs / NIGHTS[-2].isoformat(), "select case_no, colour from '{}/cases.parquet'"))
    carried = read(without.last_run, "select case_no, colour from '{}/cases.parquet' where state = 'carried'")
    assert carried
    assert all(before[case] == colour for case, colour in carried)


def test_no_colour_falls_because_of_it(county: County, without: County) -> None:
    with_all = read(county.last_run, "select case_no, points from '{}/cases.parquet' where state <> 'cleared'")
    points = dict(read(without.last_run, "select case_no, points from '{}/cases.parquet'"))
    assert not [case for case, there in with_all if case in points and points[case] < there and case in _old(county)]


def _old(county: County) -> set[str]:
    before = read(county.runs / NIGHTS[-2].isoformat(), "select case_no from '{}/cases.parquet'")
    return {case for (case,) in before}


def test_the_summary_and_the_lists_say_so(without: County) -> None:
    told = summary_lines(without.manifests[0])
    assert [sentence for topic, sentence in told if topic == "数据迟到" and GONE in sentence]
    late = [
        row["迟到部门"]
        for path in without.lists.glob("*/*.csv")
        if path.name != "supervision.csv"
        for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    ]
    assert any(GONE in cell for cell in late)
