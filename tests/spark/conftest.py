"""One session of Spark for the comparisons of a module; the master is `MONITOR_SPARK_MASTER`, else two worker processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from monitor.run import Night
from monitor.settings import Settings, load_settings
from monitor.spark import opened
from monitor.spark.tables import Tables

AS_OF = date(2026, 11, 20)
Compare = Callable[[str], list[tuple[Any, ...]]]


def spark_settings(home: Path) -> Settings:
    """Settings of a home that runs on Spark."""
    master = os.environ.get("MONITOR_SPARK_MASTER", "local-cluster[2,1,1024]")
    return load_settings(home, engine="spark", spark_master=master, threads=2)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tables]:
    """A night that has begun, open on both sides."""
    night = Night(spark_settings(tmp_path_factory.mktemp("home")), AS_OF)
    night.begin()
    with night.connect() as connection, opened(night, connection) as both:
        yield both


@pytest.fixture(scope="module")
def same(tables: Tables) -> Compare:
    """Run a SELECT with a total order on both engines, assert that rows are equal, and return them."""

    def compare(select: str) -> list[tuple[Any, ...]]:
        here = tables.connection.execute(select).fetchall()
        there = [tuple(row) for row in tables.select(select, "test").collect()]
        assert there == here
        return here

    return compare
