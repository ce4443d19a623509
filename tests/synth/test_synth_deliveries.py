"""What the made-up departments deliver: the same bytes every time, whole contracts, nights that follow one another."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import fastexcel
import polars as pl
import pyarrow.parquet as pq
import pytest

from monitor.contracts import extract, extracts
from monitor.errors import UsageError
from monitor.synth import Plan, synthesise

AS_OF = date(2026, 11, 20)
CLEAN = Plan(persons=3_000, seed=3, as_of=AS_OF, nights=4, dirt="none")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean")
    synthesise(CLEAN, folder)
    return folder


def read(path: Path) -> pl.DataFrame:
    """A delivered file, clean, as texts under the headers that stand in it."""
    name = path.name.partition("_2")[0]
    match extract(name).format:
        case "xlsx":
            return fastexcel.read_excel(path).load_sheet(0, dtypes="string").to_polars()
        case "parquet":
            return pl.read_parquet(path)
        case form:
            text = path.read_bytes().decode(form.removeprefix("csv ")).encode()
            return pl.read_csv(text, infer_schema=False)


def delivered(folder: Path, name: str, day: date) -> pl.DataFrame:
    (path,) = folder.glob(f"{name}_{day:%Y%m%d}.*")
    contract = extract(name)
    return read(path).rename({c.header: c.name for c in contract.columns})


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_plan_gives_the_same_bytes_of_every_file(tmp_path: Path) -> None:
    plan = Plan(persons=1_000, nights=2, dirt="demo")
    synthesise(plan, tmp_path / "a")
    synthesise(plan, tmp_path / "b")
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_the_bytes_do_not_depend_on_the_number_of_threads(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from monitor.synth import Plan, synthesise; "
        "synthesise(Plan(persons=800, dirt='demo'), Path(sys.argv[1]))"
    )
    for threads in ("1", "3"):
        environment = {**os.environ, "POLARS_MAX_THREADS": threads}
        subprocess.run([sys.executable, "-c", code, tmp_path / threads], env=environment, check=True)
    assert digests(tmp_path / "1") == digests(tmp_path / "3")


def test_another_seed_gives_other_people(tmp_path: Path, clean: Path) -> None:
    synthesise(Plan(persons=3_000, seed=4, as_of=AS_OF, dirt="none"), tmp_path)
    name = "psb_resident_20261120.csv"
    assert (tmp_path / name).read_bytes() != (clean / name).read_bytes()


def test_every_extract_is_delivered_with_every_agreed_header_in_its_format(clean: Path) -> None:
    for name, contract in extracts().items():
        paths = sorted(clean.glob(f"{name}_2*"))
        assert paths, name
        assert paths[0].suffix == f".{contract.format.partition(' ')[0]}"
        for path in paths:
            assert read(path).columns == [c.header for c in contract.columns], path.name


def test_clean_parquet_columns_have_the_types_of_their_contract(clean: Path) -> None:
    schema = pq.read_schema(clean / "nhsa_settlement_20261120.parquet")
    types = {field.name: str(field.type) for field in schema}
    assert types["结算日期"] == "date32[day]"
    assert types["个人负担"] == "decimal128(18, 2)"
    assert types["是否意外伤害"] == "bool"


def test_only_what_is_due_arrives_on_the_later_nights(clean: Path) -> None:
    monday = AS_OF + timedelta(days=3)
    for name, contract in extracts().items():
        days = {path.name[len(name) + 1 :][:8] for path in clean.glob(f"{name}_2*")}
        assert all(day <= f"{CLEAN.days[-1]:%Y%m%d}" for day in days)
        expected = {"daily": 4, "weekly": 2, "monthly": 1, "yearly": 1}[contract.cadence]
        assert len(days) == expected, name
        assert (f"{monday:%Y%m%d}" in days) == (contract.cadence in ("daily", "weekly")), name


def test_deltas_begin_with_a_year_of_history_and_go_on_with_a_little(clean: Path) -> None:
    first = delivered(clean, "nhsa_settlement", AS_OF)
    second = delivered(clean, "nhsa_settlement", AS_OF + timedelta(days=1))
    assert first["settled_on"].min() <= AS_OF - timedelta(days=365)
    assert first["settled_on"].max() <= AS_OF
    assert 0 < len(second) < len(first) / 50
    assert set(second["settled_on"]) == {AS_OF + timedelta(days=1)}
    months = delivered(clean, "sta_income", date(2026, 11, 15))["tax_month"].unique().sort().to_list()
    assert len(months) >= 12
    assert months[-1] == "202610"


def test_the_same_people_go_from_night_to_night_with_a_few_changes(clean: Path) -> None:
    before = delivered(clean, "psb_resident", AS_OF)
    after = delivered(clean, "psb_resident", CLEAN.days[-1])
    assert set(before["id_no"]) <= set(after["id_no"])
    both = before.join(after, on="id_no", suffix="_after")
    changed = both.filter(pl.col("status") != pl.col("status_after"))
    assert 0 < len(changed) < 30
    same = [c for c in before.columns if c not in ("id_no", "status", "status_date")]
    assert both.filter(pl.any_horizontal(pl.col(c).ne_missing(pl.col(f"{c}_after")) for c in same)).is_empty()


def test_a_benefit_is_granted_on_a_later_night(clean: Path) -> None:
    before = delivered(clean, "mca_assistance", AS_OF)
    after = delivered(clean, "mca_assistance", CLEAN.days[-1])
    new = after.join(before, on=["id_no", "benefit", "start_date"], how="anti")
    assert len(new) > 0
    assert (new["start_date"] > AS_OF.isoformat()).all()


def test_nothing_is_dated_after_the_day_it_was_delivered(clean: Path) -> None:
    for name, column in [
        ("mca_application", "decided_on"),
        ("mca_service_order", "served_on"),
        ("psb_resident", "status_date"),
    ]:
        dates = delivered(clean, name, AS_OF)[column].drop_nulls()
        assert len(dates)
        assert dates.max() <= AS_OF.isoformat()


def test_a_late_department_delivered_too_long_ago_and_nothing_since(tmp_path: Path) -> None:
    synthesise(Plan(persons=500, nights=2, dirt="none", late=("残联", "nhc_death")), tmp_path)
    for name in ("dpf_disability", "nhc_death"):
        (path,) = tmp_path.glob(f"{name}_*")
        day = date.fromisoformat(path.stem[-8:])
        assert (AS_OF - day).days > extract(name).late_after


def test_clean_data_hold_no_key_twice_and_every_required_cell(clean: Path) -> None:
    for name, contract in extracts().items():
        day = date.fromisoformat(min(clean.glob(f"{name}_2*")).stem[-8:])
        rows = delivered(clean, name, day)
        assert not rows.select(contract.key).is_duplicated().any(), name
        for column in contract.required:
            assert rows[column.name].null_count() == 0, (name, column.name)


def test_the_summary_counts_what_was_written(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    summary = synthesise(Plan(persons=400, dirt="none"), tmp_path, lambda done, of: seen.append((done, of)))
    assert seen == [(400, 400)]
    assert summary.files == len(list(tmp_path.iterdir())) == 33
    assert summary.bytes == sum(path.stat().st_size for path in tmp_path.iterdir())
    assert summary.rows["hrss_pension"] == len(delivered(tmp_path, "hrss_pension", date(2026, 11, 10)))


@pytest.mark.parametrize(
    "wrong",
    [{"persons": 10}, {"nights": 0}, {"seed": -1}, {"late": ("水利",)}, {"dirt": "some"}],
    ids=lambda value: next(iter(value)),
)
def test_a_plan_that_cannot_be_carried_out_names_the_field(wrong: dict[str, object], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        synthesise(Plan(**wrong), tmp_path)  # type: ignore[arg-type]
