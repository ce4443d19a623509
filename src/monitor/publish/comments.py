"""Say in the file what its tables, views and columns mean, in Chinese and, after a slash, in English."""

from __future__ import annotations

import duckdb

from monitor.contracts import OutputTable
from monitor.dictionary import promised_columns
from monitor.store import identifier, literal

# what a view or a table beside the promised one is: prefix of its name -> Chinese, English
_BESIDE = {
    "latest_": ("，仅最近一次运行", "; the newest run only"),
    "first_said.": ("，每夜首次运行时的说法", "; of every night, as its first run said"),
    "replaced.": (
        "，后来重跑的各夜首次运行时的原样，供 first_said 使用",
        "; nights run again, as first said; read first_said instead",
    ),
}


def comment(connection: duckdb.DuckDBPyConnection, kind: str, name: str, table: OutputTable) -> None:
    """Comment a table or view and its columns.

    Args:
        connection: the file.
        kind: `table` or `view`.
        name: of the thing that is commented, with its schema if that is not `main`.
        table: the promise.
    """
    zh, en = next((told for beside, told in _BESIDE.items() if name.startswith(beside)), ("", ""))
    place = ".".join(map(identifier, name.split(".")))
    connection.execute(f"comment on {kind} {place} is {literal(f'{table.zh}{zh} / {table.en}{en}')}")
    for column in promised_columns(table):
        meaning = f"{column.zh} / {column.en}"
        connection.execute(f"comment on column {place}.{identifier(column.name)} is {literal(meaning)}")
