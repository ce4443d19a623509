"""The true counts of a night, out of the analyst file: what the public is told never comes nearer to identity than tokens."""

from __future__ import annotations

from datetime import date

import duckdb

from monitor.errors import Fault, UsageError
from monitor.public.outlines import outlines
from monitor.public.sheet import EVERYWHERE, Sheet, make_sheet
from monitor.publish.warehouse import WAREHOUSE
from monitor.run import Home
from monitor.settings import Settings
from monitor.store import connect
from monitor.transform import SQL

Freshness = list[tuple[str, date | None, bool]]


def count_night(settings: Settings, as_of: date) -> tuple[list[Sheet], Freshness]:
    """Every table of a release with its true counts, and of every extract the newest delivery and whether it is late.

    Raises:
        UsageError: the analyst file does not hold the night.
        PromiseBroken: what should add up does not.
    """
    path = Home(settings.home).published / WAREHOUSE
    if not path.is_file():
        raise UsageError("还没有分析库。", [Fault(str(path), "没有这个文件", remedy="先运行 monitor run")])
    with connect(path, settings, read_only=True, public=True, variables={"as_of": as_of}) as connection:
        if not connection.execute("select 1 from run where as_of = getvariable('as_of')").fetchone():
            raise UsageError("分析库里没有这一晚。", [Fault("--as-of", as_of.isoformat(), remedy="换一个日期")])
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


def _rows(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, str, int]]:
    return connection.execute((SQL / "public" / f"{name}.sql").read_text(encoding="utf-8")).fetchall()
