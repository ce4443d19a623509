"""Pull by SELECT: one read-only transaction, one snapshot, written as Parquet.

Every cell is kept as the text that the database sends, so no decimal and no date passes through a float or a local calendar.
How many rows there are is asked in the same snapshot and compared with those that came: a page by a key that is not unique, or
empty somewhere, would lose rows without a word.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from monitor.contracts import extract
from monitor.pulling.declared import DatabaseSource, Query
from monitor.pulling.offered import Asked, Fetched, Offer, Offered, file_name
from monitor.pulling.sink import Sink
from monitor.pulling.trouble import Trouble
from monitor.sources.opening import found_columns, missing

Parameters = Mapping[str, Any]
Row = tuple[str | None, ...]
_PLACEHOLDER = re.compile(r"\{(as_of|since)\}")


class Session(Protocol):
    """A connection inside its read-only transaction; SQL has `%(name)s` where a parameter goes."""

    def quoted(self, name: str) -> str:
        """A column's name for SQL."""
        ...

    def columns(self, sql: str, parameters: Parameters) -> list[str]:
        """The names of the columns of a SELECT, which is not read."""
        ...

    def batches(self, sql: str, parameters: Parameters, rows: int) -> Iterator[Sequence[Row]]:
        """The rows of a SELECT, so many at a time, as text; to be read to the end, or the session is of no more use."""
        ...

    def value(self, text: str, column: str) -> Any:
        """A cell of the last SELECT as a parameter that compares like the column."""
        ...


class DatabaseShelf(ABC):
    """A database. `connected` of the kind opens a session and tells its troubles."""

    def __init__(self, source: DatabaseSource, asked: Asked) -> None:
        self._source, self._asked = source, asked

    @abstractmethod
    def connected(self) -> AbstractContextManager[Session]:
        """A new session."""

    def offers(self) -> Offered:
        day, part = self._asked.as_of, self._source.part
        names = filter(self._is_due, self._asked.extracts)
        return Offered(tuple(Offer(name, day, file_name(name, day, part, ".parquet"), name) for name in names))

    def check(self) -> int:
        with self.connected() as session:
            for name in self._asked.extracts:
                _kept(name, session.columns(*self._bound(name)))
        return len(self._asked.extracts)

    def fetch(self, offer: Offer, sink: Sink) -> Fetched:
        query = self._source.queries[offer.extract]
        with self.connected() as session:
            sql, parameters = self._bound(offer.extract)
            header = session.columns(sql, parameters)
            places = _kept(offer.extract, header)
            _must_have(query, header)
            announced, reached = _announced(session, query, sql, parameters)
            pages = _pages(session, query.key, sql, parameters, header, self._source.page_rows)
            came = _write(pages, {header[at]: at for at in places}, sink)
        if came != announced:
            why = "key 的列有空值或重复" if query.key else "对方数据在读取期间变了"
            raise Trouble(f"读到{came:,}行,库中有{announced:,}行:{why}", "改写 sql 或 key", passing=not query.key)
        return Fetched(watermark=reached)

    def _is_due(self, name: str) -> bool:
        day, monthly_from = self._asked.as_of, self._source.queries[name].monthly_from
        if monthly_from is None:
            return True
        in_month = day if day.day >= monthly_from else day.replace(day=1) - timedelta(days=1)
        newest = self._asked.remembered.newest(name, day - timedelta(days=1))
        return newest is None or newest.day < in_month.replace(day=monthly_from).isoformat()

    def _bound(self, name: str) -> tuple[str, Parameters]:
        query = self._source.queries[name]
        since = self._since(name, query)
        values = {"as_of": self._asked.as_of, "since": since}
        sql = _PLACEHOLDER.sub(r"%(\1)s", query.sql.replace("%", "%%"))
        return sql, {key: value for key, value in values.items() if f"%({key})s" in sql}

    def _since(self, name: str, query: Query) -> date | str | None:
        if query.window_days is not None:
            return self._asked.as_of - timedelta(days=query.window_days)
        return self._asked.remembered.watermark_before(name, self._asked.as_of) or query.first_since


def _kept(name: str, header: Sequence[str]) -> list[int]:
    """Positions of the columns that the contract knows; no other is ever written."""
    contract = extract(name)
    places, doubled, _ = found_columns(contract, tuple(header))
    if lacking := missing(contract, tuple(header)):
        raise Trouble(f"查询结果缺少必需的列:{'、'.join(lacking)}", f"在 {name} 的 sql 里给列起约定的名字(as)")
    if doubled:
        raise Trouble(f"查询结果有重复的列:{'、'.join(doubled)}", f"改写 {name} 的 sql")
    return sorted(places.values())


def _must_have(query: Query, header: Sequence[str]) -> None:
    wanted = {*query.key, *filter(None, [query.watermark])}
    if absent := sorted(wanted - set(header)):
        raise Trouble(f"查询结果没有 key 或 watermark 的列:{'、'.join(absent)}", "在 sql 里选出这些列;约定以外的列不会落盘")


def _announced(session: Session, query: Query, sql: str, parameters: Parameters) -> tuple[int, str | None]:
    """How many rows there are, and the greatest watermark among them."""
    greatest = f"max({session.quoted(query.watermark)})" if query.watermark else "null"
    counted = f"select count(*) as n, {greatest} as reached from ({sql}) as pulled"
    ((count, reached),) = [row for batch in session.batches(counted, parameters, 2) for row in batch]
    return int(count or 0), reached


def _pages(
    session: Session, key: Sequence[str], sql: str, parameters: Parameters, header: Sequence[str], rows: int
) -> Iterator[Sequence[Row]]:
    """The rows, page by page in the order of the key; without one in a single long read."""
    if not key:
        yield from session.batches(f"select * from ({sql}) as pulled", parameters, rows)
        return
    places = [header.index(name) for name in key]
    names = ", ".join(map(session.quoted, key))
    after, bound = "", dict(parameters)
    while True:
        page = f"select * from ({sql}) as pulled{after} order by {names} limit {rows}"
        came, last = 0, None
        for batch in session.batches(page, bound, rows):
            came, last = came + len(batch), batch[-1]
            yield batch
        if came < rows or last is None or any(last[at] is None for at in places):
            return
        bound |= {f"after_{n}": session.value(last[at] or "", header[at]) for n, at in enumerate(places)}
        after = f" where ({names}) > ({', '.join(f'%(after_{n})s' for n in range(len(places)))})"


def _write(pages: Iterator[Sequence[Row]], columns: Mapping[str, int], sink: Sink) -> int:
    """Write the pages as row groups of a Parquet file of texts; return how many rows."""
    schema = pa.schema([pa.field(name, pa.string()) for name in columns])
    came = 0
    with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
        for page in pages:
            cells = list(zip(*page, strict=True))
            writer.write_table(pa.table([_texts(name, cells[at]) for name, at in columns.items()], schema=schema))
            came += len(page)
    return came


def _texts(name: str, cells: Sequence[str | None]) -> pa.Array:
    try:
        return pa.array(cells, pa.string())
    except (pa.ArrowException, TypeError):
        raise Trouble(f"列 {name} 不是文字、数字或日期(二进制?)", "在 sql 里用 cast 转成文字") from None
