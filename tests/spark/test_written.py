"""A table in order, made on Spark, is copied into a run's file with the bytes that a table of DuckDB gives."""

from __future__ import annotations

from pathlib import Path

from monitor.spark.tables import Tables, written
from monitor.store import write_parquet

# more than two row groups of a run's file, so that a piece that is cut elsewhere shows
ROWS = "select (i * 7919) % 300007 as person, md5(i::varchar) as code from range(300007) as r(i)"


def test_the_row_groups_of_a_copy_are_the_same(tables: Tables, tmp_path: Path) -> None:
    # small as they are, the rows shall come in several pieces as those of millions of people do
    tables.spark.conf.set("spark.sql.adaptive.coalescePartitions.enabled", "false")
    tables.connection.execute(f"create table core.given as {ROWS}")
    tables.make("core.made", "select person, code from core.given", order_by="person")
    assert len(written(tables.folder / "core.made")) == 1
    tables.connection.execute("create table core.kept as from core.given order by person")
    for name in ("made", "kept"):
        assert write_parquet(tables.connection, f"from core.{name}", tmp_path / name) == 300_007
    assert (tmp_path / "made").read_bytes() == (tmp_path / "kept").read_bytes()
