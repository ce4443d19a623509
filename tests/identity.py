"""A hunt for identity where none may be: the proof that what leaves the restricted zone tells of nobody."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import duckdb

from monitor.store import identifier


def find_identity(
    source: bytes | Path | duckdb.DuckDBPyConnection,
    ids: Collection[str],
    names: Collection[str] = (),
    phones: Collection[str] = (),
) -> list[str]:
    """Look for identity where none may be; returns where and of which kind, never what.

    Args:
        source: text, a file that is read as it is, or a connection of which every column of every table is read.
        ids: citizen IDs; their BIGINT keys and 15-digit forms are looked for too.
        names: names of people.
        phones: phone numbers.
    """
    wanted = _Wanted(ids, names, phones)
    if isinstance(source, bytes):
        return [f"text: {kind}" for kind in wanted.found_in(source.decode("utf-8", "replace"))]
    if isinstance(source, Path):
        text = source.read_bytes().decode("utf-8", "replace")
        return [f"{source.name}: {kind}" for kind in wanted.found_in(text)]
    columns = source.execute(
        "select database_name, schema_name, table_name, column_name from duckdb_columns() where not internal order by all"
    ).fetchall()
    found = []
    for *table, column in columns:
        select = f"select distinct cast({identifier(column)} as varchar) from {'.'.join(map(identifier, table))}"
        kinds: set[str] = set()
        for batch in source.execute(select).to_arrow_reader(100_000):
            kinds |= set(wanted.found_in("\n".join(filter(None, batch.column(0).to_pylist()))))
        found += [f"{'.'.join(table[1:])}.{column}: {kind}" for kind in sorted(kinds)]
    return found


class _Wanted:
    """What is looked for, laid out so that a text is read once per kind."""

    # runs of digits are cut at every place, so that an ID inside a longer word is found too
    _ID = re.compile(r"(?=(\d{17}[\dXx]))")
    _KEY = re.compile(r"(?<!\d)\d{15,19}(?!\d)")
    _PHONE = re.compile(r"(?=(1\d{10}))")

    def __init__(self, ids: Collection[str], names: Collection[str], phones: Collection[str]) -> None:
        self.ids = {one.upper() for one in ids}
        self.keys = {str(int(one[:17]) * 16 + "0123456789X".index(one[17])) for one in self.ids}
        self.keys |= {one[:6] + one[8:17] for one in self.ids if one[6:8] == "19"}
        self.phones = set(phones)
        self.names = re.compile("|".join(map(re.escape, sorted(names)))) if names else None

    def found_in(self, text: str) -> list[str]:
        kinds = []
        if not self.ids.isdisjoint(one.upper() for one in self._ID.findall(text)):
            kinds.append("id")
        if not self.keys.isdisjoint(self._KEY.findall(text)):
            kinds.append("id key")
        if not self.phones.isdisjoint(self._PHONE.findall(text)):
            kinds.append("phone")
        if self.names and self.names.search(text):
            kinds.append("name")
        return kinds
