"""A night on Spark leaves the bytes that a night on DuckDB leaves: doubtful rows, refused deliveries, late departments."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

from tests.spark.conftest import spark_settings

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from data_of import with_key

from monitor.run import read_manifest
from monitor.settings import load_settings
from monitor.steps import run_night
from monitor.synth import Plan, synthesise

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "inbox"
FIRST_NIGHT = date(2026, 11, 18)


def _outputs(home: Path, inbox: Path, nights: int, *, on_spark: bool) -> dict[str, dict[str, str]]:
    with_key(home)
    settings = spark_settings(home) if on_spark else load_settings(home, threads=2)
    settings = settings.model_copy(update={"inbox": inbox})
    days = [FIRST_NIGHT + timedelta(days=number) for number in range(nights)]
    for day in days:
        run_night(settings, day)
    runs = {day.isoformat(): read_manifest(home / "runs" / day.isoformat())["outputs"] for day in days}
    return {day: {name: one["sha256"] for name, one in outputs.items()} for day, outputs in runs.items()}


def test_the_three_nights_of_the_sample(tmp_path: Path) -> None:
    here = _outputs(tmp_path / "here", SAMPLE, 3, on_spark=False)
    assert _outputs(tmp_path / "there", SAMPLE, 3, on_spark=True) == here
    assert {"facts_person.parquet", "facts_household.parquet", "hits.parquet", "coverage.parquet"} <= here["2026-11-20"].keys()


def test_two_nights_of_a_dirty_county(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    synthesise(Plan(persons=1500, seed=11, as_of=FIRST_NIGHT, nights=2, late=("mca_payment",)), inbox)
    here = _outputs(tmp_path / "here", inbox, 2, on_spark=False)
    assert _outputs(tmp_path / "there", inbox, 2, on_spark=True) == here


def test_nothing_of_people_is_left_outside_the_run(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    settings = spark_settings(tmp_path / "home").model_copy(update={"inbox": SAMPLE, "spark_folder": shared})
    run_night(settings, FIRST_NIGHT)
    assert not [path for path in shared.rglob("*") if path.is_file()]
