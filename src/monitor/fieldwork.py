"""How far the field has come, as a table to read: the progress of a run with the names of places."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import duckdb
from rich.table import Table

from monitor.errors import Fault, UsageError
from monitor.lists.cells import csv_file
from monitor.regions import counties_named
from monitor.store import literal, stored

# totals first, then counties in order, in each the townships
_PROGRESS = """
with placed as (
    select
        progress.*,
        case
            when progress.county = 'all' then '合计'
            when progress.county = '000000' then '无地址'
            else coalesce(county.name, progress.county)
        end as county_name,
        case
            when progress.township = 'all' then '小计'
            when progress.township = '' then '无地址'
            else coalesce(township.name, progress.township)
        end as township_name
    from {progress} as progress
    left join {region} as county on county.code = progress.county
    left join {region} as township on township.code = progress.township
)

select
    case kind when 'visit' then '走访' when 'review' then '复核' else '抽查' end as "类别",
    county_name as "区县",
    township_name as "乡镇（街道）",
    listed as "名单",
    answered as "已答复",
    overdue as "超期",
    judged as "已判明",
    fact as "属实",
    case when judged > 0 then cast(fact_share * 100 as decimal(5, 1)) end as "属实率%",
    case when judged > 0 then cast(fact_low * 100 as decimal(5, 1)) end as "下限%",
    case when judged > 0 then cast(fact_high * 100 as decimal(5, 1)) end as "上限%",
    visitors as "核查人数",
    answered_per_visitor as "近28天人均核查",
    listed_per_visitor as "人均待核查"
from placed
where {wanted}
order by kind <> 'visit', kind, county <> 'all', county, township <> 'all', township
"""
COLUMNS = tuple(re.findall(r'as "([^"]+)"', _PROGRESS))


def progress_rows(connection: duckdb.DuckDBPyConnection, folder: Path, county: str | None = None) -> list[dict[str, Any]]:
    """The progress of a run: one dict per row, Chinese column -> value.

    Args:
        connection: any.
        folder: the run folder.
        county: only this one.

    Raises:
        UsageError: the run was made before progress was kept, or nothing is known of the county.
    """
    cursor = connection.execute(_select(folder, county))
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()]
    if county and not rows:
        allowed = counties_named(county) or "名单或答复里有的6位区划代码"
        raise UsageError("没有这个区县的进度。", [Fault("--county", county, allowed)])
    return rows


def progress_table(rows: list[dict[str, Any]], day: str) -> Table:
    """The rows as a table that a terminal of 80 columns shows whole; what is overdue stands out. The CSV has every column."""
    table = Table(title=f"核查进度 {day}", title_justify="left", box=None, padding=(0, 1, 0, 0))
    table.add_column("类别", no_wrap=True)
    table.add_column("地方", no_wrap=True)
    for name in ("名单", "已答复", "超期", "属实/判明", "属实率%(区间)", "核查人数", "近28天人均核查", "人均待核查"):
        style = "red" if name == "超期" else None
        table.add_column(name, justify="right", overflow="fold", style=style, no_wrap=name == "属实率%(区间)")
    for row in rows:
        place = row["区县"] if row["乡镇（街道）"] == "小计" else f" {row['乡镇（街道）']}"
        share = f"{row['属实率%']} ({row['下限%']}-{row['上限%']})" if row["已判明"] else ""
        counts = (f"{row[name]:,}" for name in ("名单", "已答复", "超期"))
        load = ("" if row[name] is None else f"{row[name]:,}" for name in ("核查人数", "近28天人均核查", "人均待核查"))
        table.add_row(row["类别"], place, *counts, f"{row['属实']:,}/{row['已判明']:,}", share, *load)
    return table


def write_progress(rows: list[dict[str, Any]], path: Path) -> None:
    """Write the rows as CSV, safe to open in any spreadsheet program; without rows the header alone."""
    path.write_bytes(csv_file(COLUMNS, [[row[name] for name in COLUMNS] for row in rows]))


def _select(folder: Path, county: str | None) -> str:
    progress = folder / "progress.parquet"
    if not progress.is_file():
        fault = Fault(folder.name, "这一晚由较早的版本运行,没有进度", remedy="看较新的一晚")
        raise UsageError("没有核查进度。", [fault])
    return _PROGRESS.format(
        progress=stored(progress),
        region=stored(folder / "region.parquet"),
        wanted=f"county = {literal(county)}" if county else "true",
    )
