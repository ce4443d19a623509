"""A night on two worker processes of Spark leaves the bytes that a night on DuckDB leaves, and nothing beside them.

One night of the sample is what every change can afford; more of them, dirt, late departments and a million people are compared
by `make spark-check`.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.spark.conftest import AS_OF, spark_settings

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from data_of import with_key

from monitor.settings import Settings, load_settings
from monitor.steps import run_night

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data" / "inbox"


def test_a_night_of_the_sample(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    here = _outputs(load_settings(tmp_path / "here", threads=2))
    there = _outputs(spark_settings(tmp_path / "there").model_copy(update={"spark_folder": shared}))
    assert there == here
    assert {"facts_person.parquet", "facts_household.parquet", "hits.parquet", "coverage.parquet"} <= here.keys()
    assert not [path for path in shared.rglob("*") if path.is_file()], "people are left outside the run"


def _outputs(settings: Settings) -> dict[str, str]:
    with_key(settings.home)
    outputs = run_night(settings.model_copy(update={"inbox": SAMPLE}), AS_OF)["outputs"]
    return {name: one["sha256"] for name, one in outputs.items()}
