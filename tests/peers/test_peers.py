"""The peers of the benchmark give the project's own answers on a small, dirty county."""

import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from monitor.synth import Plan, synthesise

PEERS = Path(__file__).parents[2] / "benchmarks" / "peers"
sys.path.insert(0, str(PEERS))

import cells  # noqa: E402
import job  # noqa: E402
from compare import CELL_DIRT, differences  # noqa: E402

MONEY, DAY, PERSON = (
    next(c for c in job.columns("mca_assistance") if c.name == name) for name in ("monthly_amount", "start_date", "id_no")
)


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two thousand people, with all the dirt that the job has rules for."""
    folder = tmp_path_factory.mktemp("inbox")
    synthesise(Plan(2000, as_of=job.AS_OF, dirt=CELL_DIRT), folder)
    return folder


def answer(module: str, inbox: Path, out: Path) -> Path:
    out.mkdir(exist_ok=True)
    subprocess.run([sys.executable, str(PEERS / f"{module}.py"), str(inbox), str(out)], check=True, capture_output=True)
    return out


@pytest.fixture(scope="module")
def ours(inbox: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return answer("ours", inbox, tmp_path_factory.mktemp("ours"))


@pytest.mark.parametrize("module", ["pandas_peer", "polars_peer"])
def test_a_peer_gives_the_same_hits_counts_and_lists(module: str, inbox: Path, ours: Path, tmp_path: Path) -> None:
    assert differences(ours, answer(module, inbox, tmp_path / "theirs")) == []


def test_the_answers_that_are_compared_are_not_empty(ours: Path) -> None:
    found = pq.read_table(ours / "hits.parquet").column("indicator").unique().to_pylist()
    assert len(found) > 40
    assert len(list(job.list_rows(ours))) > 40


def test_a_changed_hit_count_or_list_row_is_a_difference(ours: Path, tmp_path: Path) -> None:
    table = pq.read_table(ours / "hits.parquet")
    for name in ("counts.json", "hits.parquet"):
        (tmp_path / name).write_bytes((ours / name).read_bytes())
    (tmp_path / "lists").mkdir()
    for path in (ours / "lists").iterdir():
        (tmp_path / "lists" / path.name).write_bytes(path.read_bytes())
    assert differences(ours, tmp_path) == []
    pq.write_table(table.slice(1), tmp_path / "hits.parquet")
    assert differences(ours, tmp_path)
    pq.write_table(table, tmp_path / "hits.parquet")
    (tmp_path / "counts.json").write_text((ours / "counts.json").read_text().replace('"superseded": 0', '"superseded": 1', 1))
    assert differences(ours, tmp_path)
    (tmp_path / "counts.json").write_bytes((ours / "counts.json").read_bytes())
    path = next((tmp_path / "lists").iterdir())
    path.write_text(path.read_text(encoding="utf-8").replace("orange", "red"), encoding="utf-8")
    (path.parent / "999999999.csv").write_text("more\n")
    assert differences(ours, tmp_path)


def test_the_job_is_as_large_as_it_says() -> None:
    assert len(job.EXTRACTS) >= 12
    assert len(job.indicators()) >= 40


def test_money_is_read_exactly() -> None:
    read = cells.reader(MONEY)
    assert [read(text) for text in ("1,234.5元", "0.12345678万元", "０.005", "-.5", "12,34", "无", None)] == [
        123_450,
        123_457,
        1,
        -50,
        None,
        None,
        None,
    ]


def test_a_day_is_read_in_its_four_forms() -> None:
    read = cells.reader(DAY)
    days = {read(text) for text in ("2026-01-31", "20260131", "2026/1/31", " 2026年1月31日")}
    assert days == {job.date(2026, 1, 31)}
    assert read("2026-02-30") is None


def test_an_id_needs_its_check_character_and_a_day_of_birth() -> None:
    read = cells.reader(PERSON)
    weighted = sum(int(digit) << (17 - place) for place, digit in enumerate("99000019000101001")) % 11
    right = f"99000019000101001{cells.CHECK_PLACES[(12 - weighted) % 11]}"
    wrong = f"99000019000101001{cells.CHECK_PLACES[(13 - weighted) % 11]}"
    assert job.id_text(read(right)) == right
    assert read("990000000101001") == read(right)
    assert [read(text) for text in (wrong, "99000019000230001X", "9.9E+17")] == [None, None, None]
