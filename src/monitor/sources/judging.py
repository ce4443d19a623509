"""Put the night's deliveries before the pipeline: the ledger, freshness, and one view per extract over the rows in force.

Rows stay where they landed. Of the rows in force only those that lose against a newer row of the same key are written down
(`deliveries.superseded`, usually few); `landing.<extract>` is a view over the landing files without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from monitor.contracts import Extract, extracts
from monitor.encryption import key_of
from monitor.errors import Fault, PromiseBroken
from monitor.run import Night
from monitor.sources.arrivals import Arrivals
from monitor.sources.doubled import Hashes, doubled_hashes
from monitor.sources.landing import Landed, rows_file
from monitor.sources.refusal import listed
from monitor.sources.rows import stored_name
from monitor.sources.side_by_side import side_by_side
from monitor.sources.verdicts import Verdict, dating_day, verdicts
from monitor.store import identifier, literal, stored
from monitor.vocabulary import DeliveryState

_TABLES = {
    "ledger": """extract varchar, delivery varchar, rows_read bigint, loaded bigint, superseded bigint, quarantined bigint,
        blanked bigint, state varchar, reason varchar""",
    "freshness": "extract varchar, newest_delivery date, age_days integer, late_after integer, is_stale boolean",
    "dates": "extract varchar, e date",
    "superseded": "extract varchar, _delivered_on date, _part varchar, _row bigint",
    "ignored": "file varchar, reason varchar",
    "remark": "extract varchar, delivery varchar, remark varchar",
}


@dataclass(frozen=True)
class Line:
    """A line of the ledger; counts are rows, `blanked` is cells. `state` is in_force, replaced or refused."""

    extract: str
    delivery: str
    rows_read: int
    loaded: int
    superseded: int
    quarantined: int
    blanked: int
    state: str
    reason: str | None


@dataclass(frozen=True)
class Judgement:
    """The ledger in order of extract, date and part, and the extracts that are stale."""

    ledger: tuple[Line, ...]
    stale: tuple[str, ...]

    @property
    def refused(self) -> tuple[Line, ...]:
        return tuple(line for line in self.ledger if line.state == DeliveryState.REFUSED)


def judge(connection: duckdb.DuckDBPyConnection, night: Night, arrivals: Arrivals, landed: list[Landed]) -> Judgement:
    """Decide what counts and make the tables of `deliveries` and the views of `landing`.

    Tables: `ledger`, `freshness`, `dates` (E of every extract), `superseded` (rows in force that lost), `ignored` (files that
    are no deliveries), `remark` (columns beyond the contract, optional columns not sent, sheets not read).

    Raises:
        PromiseBroken: a line of the ledger does not add up.
    """
    for table, columns in _TABLES.items():
        connection.execute(f"create or replace table deliveries.{table} ({columns})")
    judged = verdicts(zip(arrivals.deliveries, landed, strict=True), night.settings.accept_deliveries)
    readable = {name: [v.landed for v in judged if v.landed.extract == name and _is_there(v)] for name in extracts()}
    doubled = _doubled(night, readable)
    lines: list[Line] = []
    for name, contract in extracts().items():
        _make_view(connection, night, contract, readable[name], doubled.get(name))
        lines += _lines(connection, name, [v for v in judged if v.delivery.extract == name])
    _check(lines)
    _fill(connection, "ledger", [line.__dict__ for line in lines])
    stale = _date(connection, night.as_of, judged)
    _fill(connection, "ignored", [{"file": i.file, "reason": i.reason} for i in arrivals.ignored])
    _fill(connection, "remark", [r for v in judged for r in _remarks(v)])
    return Judgement(tuple(lines), tuple(stale))


def _is_there(verdict: Verdict) -> bool:
    return verdict.state == DeliveryState.IN_FORCE and verdict.landed.readable > 0


def _doubled(night: Night, readable: Mapping[str, Sequence[Landed]]) -> dict[str, Hashes]:
    """Extract -> hashes of the keys that stand more than once among its rows in force; the largest extract comes first."""
    rows = {name: sum(one.readable for one in landed) for name, landed in readable.items() if landed}
    sealed = key_of(night.settings) is not None

    def of(connection: duckdb.DuckDBPyConnection, name: str) -> Hashes:
        files = stored(*(rows_file(night, one) for one in readable[name]))
        select = f"select hash({_key(extracts()[name])}) from {files}"
        return doubled_hashes(connection, select, rows[name], night.work / "spill" / f"keys-{name}", sealed=sealed)

    return dict(side_by_side(night, of, sorted(rows, key=lambda name: (-rows[name], name))))


def _key(contract: Extract) -> str:
    """The key of an extract as its landing files hold it."""
    return ", ".join(identifier(stored_name(contract.column(name))) for name in contract.key)


def _make_view(
    connection: duckdb.DuckDBPyConnection, night: Night, contract: Extract, landed: Sequence[Landed], doubled: Hashes | None
) -> None:
    """`landing.<extract>`: contract columns, `<id>_key`, `_delivered_on`, `_part`, `_row`."""
    view = f"landing.{identifier(contract.name)}"
    if doubled is None:
        columns = ", ".join(f"cast(null as {sql_type}) as {identifier(name)}" for name, sql_type in _columns(contract).items())
        connection.execute(f"create or replace view {view} as select {columns} where false")
        return
    files = stored(*(rows_file(night, one) for one in landed))
    superseded = _find_superseded(connection, contract, files, doubled)
    ids = {c.name for c in contract.columns if c.kind == "id"}
    columns = ", ".join(
        f"id_text(f.{identifier(f'{name}_key')}) as {identifier(name)}" if name in ids else f"f.{identifier(name)}"
        for name in _columns(contract)
    )
    without = (
        f" where not exists (from deliveries.superseded s where s.extract = {literal(contract.name)}"
        " and s._delivered_on = f._delivered_on and s._part = f._part and s._row = f._row)"
    )
    connection.execute(f"create or replace view {view} as select {columns} from {files} f{without if superseded else ''}")


def _columns(contract: Extract) -> dict[str, str]:
    keys = {f"{c.name}_key": "bigint" for c in contract.columns if c.kind == "id"}
    order = {"_delivered_on": "date", "_part": "varchar", "_row": "bigint"}
    return {c.name: c.sql_type for c in contract.columns} | keys | order


def _find_superseded(connection: duckdb.DuckDBPyConnection, contract: Extract, files: str, doubled: Hashes) -> int:
    """Write down the rows that lose against a later one of the same key; return how many.

    Keys are rarely doubled, so a cheap look at their hashes finds the few that may be, and only those are ordered.
    """
    if not len(doubled):
        return 0
    key = _key(contract)
    connection.register("doubled", pa.table({"h": doubled}))
    row = connection.execute(f"""
        insert into deliveries.superseded
        with candidate as (
            select {key}, _delivered_on, _part, _row from {files} where hash({key}) in (select h from doubled)
        ),
        placed as (
            select _delivered_on, _part, _row,
                   row_number() over (partition by {key} order by _delivered_on desc, _part desc, _row desc) as place
            from candidate
        )
        select {literal(contract.name)}, _delivered_on, _part, _row from placed where place > 1
        order by _delivered_on, _part, _row""").fetchone()
    connection.unregister("doubled")
    return int(row[0]) if row else 0


def _lines(connection: duckdb.DuckDBPyConnection, name: str, files: list[Verdict]) -> list[Line]:
    """Ledger lines; what is loaded is counted in the view itself, so that the balance is a check and no definition."""
    if not files:
        return []
    loaded = _counted(connection, f"landing.{identifier(name)}")
    lost = _counted(connection, f"deliveries.superseded where extract = {literal(name)}")
    lines = []
    for v in files:
        at = (v.delivery.date, v.delivery.part)
        read, bad = v.landed.rows_read, v.landed.quarantined
        if v.state == DeliveryState.REFUSED:
            counts = (read, 0, 0, read, 0)
        elif v.state == DeliveryState.REPLACED:
            counts = (read, 0, v.landed.readable, bad, v.landed.blanked)
        else:
            counts = (read, loaded.get(at, 0), lost.get(at, 0), bad, v.landed.blanked)
        lines.append(Line(name, v.delivery.name, *counts, str(v.state), v.reason or None))
    return lines


def _counted(connection: duckdb.DuckDBPyConnection, source: str) -> dict[tuple[date, str], int]:
    rows = connection.execute(f"select _delivered_on, _part, count(*) from {source} group by all").fetchall()
    return {(day, part): count for day, part, count in rows}


def _check(lines: list[Line]) -> None:
    faults = [
        Fault(
            line.delivery,
            f"{line.rows_read} rows read, {line.loaded} loaded + {line.superseded} superseded + {line.quarantined} quarantined",
            allowed="rows read = loaded + superseded + quarantined",
            why="a row would be lost or counted twice",
            remedy="keep the file and report this as a fault of the reader",
        )
        for line in lines
        if line.rows_read != line.loaded + line.superseded + line.quarantined
    ]
    if faults:
        raise PromiseBroken("The ledger does not add up.", faults)


def _date(connection: duckdb.DuckDBPyConnection, as_of: date, judged: list[Verdict]) -> list[str]:
    """Fill `freshness` and `dates`; return the stale extracts."""
    freshness, dates = [], []
    for name, contract in extracts().items():
        newest = dating_day(contract, [v for v in judged if v.delivery.extract == name])
        age = (as_of - newest).days if newest else None
        is_stale = age is None or age > contract.late_after
        freshness.append(
            {
                "extract": name,
                "newest_delivery": newest,
                "age_days": age,
                "late_after": contract.late_after,
                "is_stale": is_stale,
            }
        )
        dates.append({"extract": name, "e": newest})
    _fill(connection, "freshness", freshness)
    _fill(connection, "dates", dates)
    return [str(row["extract"]) for row in freshness if row["is_stale"]]


def _remarks(verdict: Verdict) -> list[dict[str, Any]]:
    landed = verdict.landed
    remarks = []
    if landed.extra:
        places = listed([str(place) for place in landed.extra])
        remarks.append(f"约定之外的列已忽略:共{len(landed.extra)}列(第 {places} 列)")
    if landed.absent:
        remarks.append(f"缺少可选列,按空处理:{listed(landed.absent)}")
    if landed.unread_sheets:
        remarks.append(landed.unread_sheets_zh)
    return [{"extract": landed.extract, "delivery": verdict.delivery.name, "remark": remark} for remark in remarks]


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    connection.register("filling", pa.Table.from_pylist(rows))
    connection.execute(f"insert into deliveries.{table} by name from filling")
    connection.unregister("filling")
