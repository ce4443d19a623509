"""What Spark has of a night: where it lies, and how a step opens it."""

from __future__ import annotations

import hashlib
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from monitor.run import Night
from monitor.spark.layers import read_texts
from monitor.spark.session import spark_session
from monitor.spark.tables import Tables
from monitor.spark.translate import read_dialect

_TABLES, _SCRATCH = "tables", "scratch"


@contextmanager
def opened(night: Night, connection: duckdb.DuckDBPyConnection) -> Iterator[Tables]:
    """The tables of a night on both sides, for one step.

    Args:
        night: in the making.
        connection: its working database.

    Raises:
        UsageError: Java is missing, or the master cannot be reached.
        PromiseBroken: a query failed on Spark.
    """
    folder = night_folder(night)
    for part in (_TABLES, _SCRATCH):
        (folder / part).mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    variables = {"as_of": night.as_of, "region": night.settings.region}
    with spark_session(night.settings, folder / _SCRATCH) as session:
        yield Tables(session, connection, read_dialect(connection, variables), folder / _TABLES, read_texts("staging"))


def night_folder(night: Night) -> Path:
    """Where the tables of a night lie that both sides read, and what Spark spills.

    Homes of several provinces may share the storage, each as /srv/monitor of its own machine, so a name alone is not enough.
    """
    shared, home = night.settings.spark_folder, night.settings.home
    mark = hashlib.sha256(f"{socket.gethostname()}:{home.resolve()}".encode()).hexdigest()[:8]
    return shared / f"{home.name}-{mark}-{night.as_of.isoformat()}" if shared else night.work / "spark"


def forget(night: Night) -> None:
    """Delete what the night left in shared storage."""
    shutil.rmtree(night_folder(night), ignore_errors=True)
