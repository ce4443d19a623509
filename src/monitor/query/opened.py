"""Open the analyst file so that nothing can be changed, read from elsewhere or loaded by whatever is asked of it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from monitor.contracts import schema_versions
from monitor.errors import Fault, UsageError
from monitor.publish import WAREHOUSE
from monitor.run import Home
from monitor.settings import Settings
from monitor.store import connect_to_reader

REBUILD = "运行 monitor warehouse rebuild"
_LOCKS = ("set enable_external_access = false", "set lock_configuration = true")


@contextmanager
def opened(settings: Settings, *, locked: bool = True) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the analyst file of a home: read-only, without files, network, extensions or settings.

    The file that is open stays as it is while a night swaps in a new one; who opens it then, even in the same process, sees the
    new one. A connection that is not locked is for what this package itself writes as files.

    Raises:
        UsageError: there is no file, it is damaged, or it was made by an older or a newer version.
    """
    path = Home(settings.home).published / WAREHOUSE
    if not path.is_file():
        raise UsageError("还没有分析库。", [_missing(settings, path)])
    with tempfile.TemporaryDirectory(prefix="monitor-sql-") as spill:
        try:
            connection = connect_to_reader(path, settings, Path(spill))
        except duckdb.Error:
            why = "文件损坏，或不是 DuckDB 数据库"
            raise UsageError("分析库打不开。", [Fault(str(path), why, remedy=f"{REBUILD} 从各晚结果重建")]) from None
        with connection:
            _check_version(connection, path)
            for lock in _LOCKS if locked else ():
                connection.execute(lock)
            yield connection


def _missing(settings: Settings, path: Path) -> Fault:
    if Home(settings.home).run_folders():
        return Fault(str(path), "没有这个文件", remedy=f"{REBUILD} 从各晚结果重建")
    return Home(settings.home).no_night_yet()


def _check_version(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The file must be of the same major version, and not older than the words of today."""
    try:
        found = connection.execute("select value from about where name = 'schema_version'").fetchall()[0][0]
    except duckdb.CatalogException:
        raise UsageError("分析库由较早的版本生成。", [Fault(str(path), "没有 about 表", remedy=REBUILD)]) from None
    except duckdb.Error:
        raise UsageError("分析库读不了。", [Fault(str(path), "文件损坏", remedy=f"{REBUILD} 从各晚结果重建")]) from None
    known = schema_versions()[-1].version
    if _numbers(found) < _numbers(known):
        raise UsageError("分析库由较早的版本生成。", [Fault(str(path), f"结构版本 {found}", known, remedy=REBUILD)])
    if _numbers(found)[0] > _numbers(known)[0]:
        remedy = "升级本软件；或用旧软件的结果重建"
        raise UsageError("分析库由更新的版本生成。", [Fault(str(path), f"结构版本 {found}", known, remedy=remedy)])


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
