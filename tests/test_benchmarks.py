"""The instruments measure what they say, and the tables of the handbook are those that the kept figures give."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ROOT = Path(__file__).parents[1]
BENCHMARKS = ROOT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))

from data_of import bytes_of, deliver_again, shuffle_rows  # noqa: E402
from night import after_the_first_night, different, same_bytes  # noqa: E402
from processes import MB, Figure, measured, median_of  # noqa: E402
from results import BEGIN, END, PAGE, alike, exponent, kept, newest, tables  # noqa: E402

DAY = date(2026, 11, 20)


def line(**changes: Any) -> dict[str, Any]:
    """One kept measurement."""
    figure = {"wall": 10.0, "cpu": 20.0, "memory": 500.0, "disk": 50.0}
    given = {
        "mode": "cold",
        "persons": 1000,
        "dirt": "none",
        "memory_limit_mb": None,
        "measured": "2026-11-22 00:00",
        "commit": "abc",
        "machine": {"cpu": "a", "cores": 2, "memory_gb": 24, "load": 0.1},
        "versions": {"python": "3.11", "duckdb": "1", "monitor": "0"},
        "runs": 3,
        "bytes": 2**20,
        "rows": 1_000_000,
        "floor": {**figure, "wall": 5.0, "cpu": 5.0},
        "night": figure,
        "seconds": {"gate": 2.0, "land": 3.0},
    }
    return given | changes


def test_the_page_shows_the_tables_of_the_kept_figures() -> None:
    shown = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()
    assert shown == tables(kept()).strip(), "run: python benchmarks/night.py table"


def test_a_table_holds_the_ratios_the_growth_and_the_steps_in_the_order_of_a_night() -> None:
    large = line(persons=10_000, night={"wall": 100.0, "cpu": 400.0, "memory": 900.0, "disk": 60.0})
    shown = tables([line(), large])
    assert "| 1,000 | 1 | 1.0 | 5.0 | 5.0 | 10.0 | 20.0 | 2.0 | 4.0 | 500 | 50 | 3 | 3 |" in shown
    assert "| 1,000 to 10,000 | 1.00 | 1.30 |" in shown
    assert "| 1,000 | 3.0 | 2.0 | 5.0 |" in shown, "land before gate, then what is not noted"


def test_what_a_key_costs_is_told_as_what_it_adds() -> None:
    clear = {"wall": 50.0, "cpu": 80.0, "memory": 900.0, "disk": 1.0, "seconds": {"land": 10.0, "gate": 2.0, "build": 5.0}}
    key = {**clear, "wall": 60.0, "cpu": 84.0, "seconds": {"land": 11.0, "gate": 2.0, "build": 6.0}}
    shown = tables([line(mode="safety", pairs=3, clear=clear, key=key)])
    assert "| 1,000 | with a key | 60.0 | 84.0 | 900 | 11.0 | 2.0 | 6.0 | 41.0 |" in shown
    assert "+20.0 % | +5.0 %" in shown


def test_the_last_measurement_of_a_size_counts() -> None:
    assert [one["runs"] for one in newest([line(runs=1), line(persons=5), line(runs=2)])] == [3, 2]


def test_nights_are_alike_when_they_left_the_same_files_whenever_they_were_measured() -> None:
    before, later, less_memory = line(results="a", runs=1), line(results="a", runs=2), line(results="a", mode="limited", runs=1)
    changed, unknown = line(results="b", runs=5), line(runs=7)
    every = [unknown, before, later, less_memory, changed]
    assert [alike(one, every) for one in every] == [7, 4, 4, 4, 5]


@pytest.mark.parametrize(("factor", "expected"), [(10, 1.0), (100, 2.0), (1, 0.0)])
def test_the_growth_exponent_of_ten_times_the_people(factor: float, expected: float) -> None:
    large = line(persons=10_000, night={"wall": 10.0 * factor})
    assert exponent(line(), large, "wall") == pytest.approx(expected)


def test_a_process_is_measured_with_its_memory_and_the_disk_it_filled(tmp_path: Path) -> None:
    """Measured from a small process, as always: the peak of a child begins with what its parent holds."""
    program = "import sys; held = b'x' * 200_000_000; open(sys.argv[1], 'wb').write(held[:5_000_000])"
    measuring = (
        "import sys; from pathlib import Path; from processes import measured;"
        "figure = measured([sys.executable, '-c', *sys.argv[1:]], watch=Path(sys.argv[2]).parent);"
        "print(figure.memory, figure.disk)"
    )
    done = subprocess.run(
        [sys.executable, "-c", measuring, program, str(tmp_path / "file")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(BENCHMARKS)},
    )
    memory, disk = map(float, done.stdout.split())
    assert 190 < memory < 300
    assert 4.7 < disk < 5.5


def test_what_runs_below_a_process_counts_too() -> None:
    below = "import time; held = b'x' * 200_000_000; time.sleep(1)"
    program = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', sys.argv[1]]).wait()"
    assert measured([sys.executable, "-c", program, below], tree=True).memory > 190


def test_peers_are_shown_with_what_they_took_over_what_the_project_took() -> None:
    took = {"wall": 10.0, "cpu": 20.0, "memory": 500.0, "disk": 0.0}
    counts = {"extracts": 16, "indicators": 76, "indicators_hit": 70, "hits": 9, "listed": 5}
    shown = tables([line(mode="peers", peers={"ours": took, "polars": took | {"wall": 5.0}}, **counts)])
    assert "| polars | 5.0 | 20.0 | 500 | 0.50 | 1.00 | 1.00 |" in shown


def test_medians_are_taken_of_each_figure_on_its_own() -> None:
    figures = [Figure(1, 9, 5, 0), Figure(2, 8, 7, 0), Figure(3, 1, 6, 0)]
    assert median_of(figures) == Figure(2, 8, 6, 0)


def test_a_process_that_fails_stops_the_measuring_and_says_why() -> None:
    with pytest.raises(SystemExit, match=r"(?s)ended with 3.*for a reason"):
        measured([sys.executable, "-c", "import sys; print('for a reason', file=sys.stderr); sys.exit(3)"])


def test_the_floor_counts_every_cell_of_every_format_once(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    table = pl.DataFrame({"甲": ["张三", None], "乙": ["1", "2"]})
    (inbox / "psb_resident_20261120.csv").write_bytes(table.write_csv().encode("gb18030"))
    for part in ("01", "02"):
        (inbox / f"grid_power_20261120_{part}.csv").write_text(table.write_csv(), encoding="utf-8")
    table.with_columns(pl.lit(DAY).alias("丙")).write_parquet(inbox / "sta_income_20261120.parquet")
    table.write_excel(inbox / "mca_care_20261120.xlsx")
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "floor.py", inbox], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert int(done.stdout) == 3 + 2 * 3 + 5 + 3
    assert [path.name for path in tmp_path.iterdir()] == ["inbox"], "the decoded copy is gone"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """A daily full extract, a daily delta in CSV and in Parquet, and a monthly one."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "psb_resident_20261120_01.csv").write_text("a\n1\n2\n3\n", encoding="utf-8")
    (folder / "nhc_death_20261120.csv").write_text("a,died\n1,2026-11-19\n2,2026-11-20\n", encoding="utf-8")
    (folder / "hrss_pension_20261110.csv").write_text("a\n1\n", encoding="utf-8")
    settled = pl.DataFrame({"结算流水号": ["J1", "J2"], "结算日期": [date(2026, 11, 19), DAY]})
    settled.write_parquet(folder / "nhsa_settlement_20261120.parquet")
    return folder


def test_the_next_night_brings_the_daily_extracts_only(inbox: Path, tmp_path: Path) -> None:
    deliver_again(inbox, tmp_path / "next", DAY)
    new = {path.name for path in (tmp_path / "next").iterdir()} - {path.name for path in inbox.iterdir()}
    assert new == {"psb_resident_20261121_01.csv", "nhc_death_20261121.csv", "nhsa_settlement_20261121.parquet"}
    again = tmp_path / "next" / "psb_resident_20261121_01.csv"
    assert os.path.samefile(again, inbox / "psb_resident_20261120_01.csv")
    assert (tmp_path / "next" / "nhc_death_20261121.csv").read_text() == "a,died\n2,2026-11-20\n"
    settled = pl.read_parquet(tmp_path / "next" / "nhsa_settlement_20261121.parquet")
    assert settled.rows() == [("J2N", date(2026, 11, 21))]
    assert bytes_of(tmp_path / "next", DAY) == bytes_of(inbox, DAY), "what comes tomorrow is not read today"


def test_shuffled_deliveries_hold_the_same_rows(inbox: Path, tmp_path: Path) -> None:
    shuffle_rows(inbox, tmp_path / "shuffled")
    for path in inbox.glob("*.csv"):
        given, shuffled = (one.read_text().splitlines() for one in (path, tmp_path / "shuffled" / path.name))
        assert (shuffled[0], sorted(shuffled)) == (given[0], sorted(given))
    settled = [pl.read_parquet(folder / "nhsa_settlement_20261120.parquet") for folder in (inbox, tmp_path / "shuffled")]
    assert settled[0].sort("结算流水号").equals(settled[1].sort("结算流水号"))


def test_runs_with_other_bytes_stop_the_measuring() -> None:
    one, other = ({"outputs": {"hits.parquet": {"sha256": sign}}} for sign in "ab")
    same_bytes([one, one])
    with pytest.raises(SystemExit, match=r"hits\.parquet"):
        same_bytes([one, other])
    assert different({"a": "1"}, {"a": "1", "b": "2"}) == ["b"]


def test_a_second_night_leaves_the_home_of_the_first_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "home" / "runs").mkdir(parents=True)
    ledger, people = tmp_path / "home" / "audit.jsonl", tmp_path / "home" / "runs" / "people.parquet"
    ledger.write_text("first\n")
    people.write_bytes(b"1" * 2 * MB)
    second = after_the_first_night(tmp_path / "home")
    assert os.path.samefile(second / "runs" / "people.parquet", people), "gigabytes are not copied"
    with (second / "audit.jsonl").open("a") as added:
        added.write("second\n")
    (second / "runs" / "people.parquet").unlink()
    assert (ledger.read_text(), people.stat().st_size) == ("first\n", 2 * MB)
