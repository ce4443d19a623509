"""The true counts of a night, out of the analyst file: what the public is told never comes nearer to identity than tokens."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from monitor.errors import Fault, UsageError
from monitor.manifest import run_id_of
from monitor.public.outlines import outlines
from monitor.public.sheet import EVERYWHERE, Sheet, make_sheet
from monitor.publish.warehouse import WAREHOUSE
from monitor.run import Home
from monitor.settings import Settings
from monitor.store import connect
from monitor.transform import SQL

Freshness = list[tuple[str, date | None, bool]]


def count_night(settings: Settings, run: Path) -> tuple[list[Sheet], Freshness]:
    """Every table of a release with its true counts, and of every extract the newest delivery and whether it is late.

    Args:
        settings: of the installation.
        run: the night; what the analyst file holds of it must be this very version.

    Raises:
        UsageError: the analyst file does not hold the night, or an older version of it.
        PromiseBroken: what should add up does not.
    """
    path, as_of = Home(settings.home).published / WAREHOUSE, date.fromisoformat(run.name)
    if not path.is_file():
        raise UsageError("还没有分析库。", [Fault(str(path), "没有这个文件", remedy="先运行 monitor run")])
    with connect(path, settings, read_only=True, public=True, variables={"as_of": as_of}) as connection:
        _must_hold(connection, run)
        counties = connection.execute("select distinct county from coverage where as_of = getvariable('as_of')").fetchall()
        places = [county for (county,) in counties]
        sheets = [
            make_sheet(one, places if one.place_digits else [EVERYWHERE], _rows(connection, one.name)) for one in outlines()
        ]
        late = connection.execute(
            "select extract, newest_delivery, is_stale from freshness where as_of = getvariable('as_of') order by extract"
        ).fetchall()
    return sheets, late


def place_names(settings: Settings) -> dict[str, str]:
    """Division code -> name, down to counties."""
    with connect(Home(settings.home).published / WAREHOUSE, settings, read_only=True, public=True) as connection:
        return dict(connection.execute("select code, full_name from region where length(code) <= 6").fetchall())


def _must_hold(connection: duckdb.DuckDBPyConnection, run: Path) -> None:
    """A release cannot be taken back, so it counts no version of a night but the one that it names."""
    held = connection.execute("select run_id from run where as_of = getvariable('as_of')").fetchone()
    if not held:
        raise UsageError("分析库里没有这一晚。", [Fault("--as-of", run.name, remedy="换一个日期")])
    if held[0] != run_id_of(run):
        fault = Fault(f"run {run.name}", held[0], run_id_of(run), "公布以后不能收回", "运行 monitor warehouse rebuild 后再公布")
        raise UsageError("分析库里是这一晚的旧版本,什么也没有公布。", [fault])


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, str, int]]:
    return connection.execute((SQL / "public" / f"{name}.sql").read_text(encoding="utf-8")).fetchall()
