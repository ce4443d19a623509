"""A made-up township on paper: the tables that the lists leave behind, filled with a few rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from monitor.privacy import make_visit_code_macro
from monitor.settings import Settings
from monitor.store import connect
from monitor.transform import run_layer

DAY = date(2026, 11, 20)
KEY = bytes(32)
FILE = "530622/530622001.csv"
_TYPES = {
    "file": "varchar", "position": "bigint", "kind": "varchar", "village_code": "varchar", "工单编号": "varchar",
    "优先序": "bigint", "颜色": "varchar", "状态": "varchar", "办理期限": "date", "村（居）": "varchar", "户主": "varchar",
    "身份证号": "varchar", "联系电话": "varchar", "住址": "varchar", "人数": "integer", "原因": "varchar",
    "可能适用的政策": "varchar", "询问要点": "varchar", "迟到部门": "varchar", "核查结果": "varchar", "核查日期": "varchar",
    "核查人": "varchar", "情况说明": "varchar", "排序说明": "varchar",
}  # fmt: skip
_SUPERVISED = {
    "file": "varchar", "position": "bigint", "指标编号": "varchar", "等级": "varchar", "乡镇（街道）": "varchar",
    "村（居）": "varchar", "姓名": "varchar", "身份证号": "varchar", "原因": "varchar", "督办事项": "varchar",
    "核对要点": "varchar", "办理结果": "varchar", "办理日期": "varchar", "办理人": "varchar", "情况说明": "varchar",
}  # fmt: skip
_USUAL = {
    "file": FILE, "kind": "visit", "village_code": "530622001001", "颜色": "红", "状态": "新增", "办理期限": date(2026, 11, 25),
    "村（居）": "莲塘社区", "户主": "某人", "身份证号": "*" * 14 + "0016", "联系电话": "013800000001", "住址": "莲塘3组",
    "人数": 2, "原因": "自付2.1万元，超过1.5万元（医保，11月18日）", "可能适用的政策": "申请低保", "询问要点": "谁在治病？",
    "排序说明": "分值8",
}  # fmt: skip

Row = Mapping[str, Any]


def rows_of(*given: Row) -> list[dict[str, Any]]:
    """Rows with the usual cells where nothing else is said, numbered from 1."""
    return [
        _USUAL | {"position": n, "工单编号": f"V530622-20261120-{n:04d}", "优先序": n} | dict(row)
        for n, row in enumerate(given, 1)
    ]


def night_of(
    rows: Sequence[Row],
    supervised: Sequence[Row] = (),
    late: Sequence[tuple[str, date | None]] = (),
    refused: Sequence[tuple[str, str, date | None]] = (),
) -> duckdb.DuckDBPyConnection:
    """The tables of a night out of rows of cases, of supervision, of extracts that were late, and of refused deliveries.

    Args:
        late: (extract, newest delivery in use).
        refused: (extract, name of the delivery, newest delivery in use) of extracts that are not late.
    """
    connection = connect(None, Settings(threads=1), variables={"as_of": DAY})
    make_visit_code_macro(connection, KEY, DAY)
    connection.execute(
        "create schema lists; create table core.region(code varchar, name varchar);"
        "insert into core.region values ('530622', '巧家县'), ('530622001', '白鹤滩镇'), ('530622001001', '莲塘社区');"
        "create table deliveries.freshness(extract varchar, newest_delivery date, is_stale boolean);"
        "create table deliveries.ledger(extract varchar, delivery varchar, state varchar)"
    )
    for extract, day in late:
        connection.execute("insert into deliveries.freshness values (?, ?, true)", [extract, day])
    for extract, delivery, day in refused:
        connection.execute("insert into deliveries.freshness values (?, ?, false)", [extract, day])
        connection.execute("insert into deliveries.ledger values (?, ?, 'refused')", [extract, delivery])
    _fill(connection, "lists.made", _TYPES, rows)
    connection.execute(
        'create table lists.case_row as select *, visit_code("工单编号") as "核验码" from lists.made; drop table lists.made'
    )
    _fill(connection, "lists.supervision_row", _SUPERVISED, supervised)
    run_layer(connection, "lists", prefix="form_case")
    return connection


def _fill(connection: duckdb.DuckDBPyConnection, table: str, types: Mapping[str, str], rows: Sequence[Row]) -> None:
    connection.execute(f"create table {table}({', '.join(f'{chr(34)}{name}{chr(34)} {kind}' for name, kind in types.items())})")
    for row in rows:
        connection.execute(f"insert into {table} values ({', '.join('?' * len(types))})", [row.get(name) for name in types])


def files_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
