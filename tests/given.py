"""Hand-made landing tables: a test says only the cells it is about, `given` fills in the rest.

connection = night("2026-11-20")
given(connection, {"psb_resident": [{"id_no": made_up_id(1, born="1950-03-01"), "hukou_no": "H1"}]})
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from monitor.contracts import Column, Extract, codes, extracts
from monitor.settings import Settings
from monitor.store import connect, literal
from monitor.transform import run_layer

VILLAGE = "530102001001"
Row = Mapping[str, Any]

_KEPT = [("_delivered_on", pa.date32()), ("_part", pa.string()), ("_row", pa.int64())]


def night(as_of: str = "2026-11-20", region: str = "53", threads: int = 1) -> duckdb.DuckDBPyConnection:
    """A working database in memory, as of a day."""
    return connect(None, Settings(threads=threads), variables={"as_of": date.fromisoformat(as_of), "region": region})


def made_up_id(number: int, born: str = "1980-01-01") -> str:
    """An ID of nobody (area 990000, not assigned) with a correct check character; `number` 0-999 tells people apart."""
    digits = f"990000{born.replace('-', '')}{number:03d}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(digits))
    return digits + "10X98765432"[total % 11]


def key_of(id_no: str) -> int:
    """The BIGINT key of an ID."""
    return int(id_no[:17]) * 16 + "0123456789X".index(id_no[17])


def given(
    connection: duckdb.DuckDBPyConnection,
    rows: Mapping[str, Sequence[Row]] | None = None,
    *,
    delivered: Mapping[str, str | None] | None = None,
) -> None:
    """Fill `landing` and `deliveries` anew for all extracts.

    Args:
        connection: a night's database.
        rows: extract -> records by canonical column, in file order. Dates may be ISO text. A required cell that is left out
            gets the first code of its list, a running number, 2020-01-01 ...; an optional one is empty. `_delivered_on`
            and `_part` may be given.
        delivered: extract -> day of its newest accepted delivery, None = there is none; the as-of day when left out.
    """
    as_of: date = connection.execute("select getvariable('as_of')").fetchone()[0]  # type: ignore[index]
    unknown = (set(rows or {}) | set(delivered or {})) - set(extracts())
    if unknown:
        raise KeyError(f"no such extract: {sorted(unknown)}")
    days = {name: as_of.isoformat() for name in extracts()} | dict(delivered or {})
    for name, contract in extracts().items():
        _land(connection, contract, (rows or {}).get(name, ()), _day(days[name] or "2000-01-01"))
    _tell_deliveries(connection, {name: _day(day) if day else None for name, day in days.items()}, as_of)


def core_of(
    rows: Mapping[str, Sequence[Row]],
    *,
    delivered: Mapping[str, str | None] | None = None,
    as_of: str = "2026-11-20",
    region: str = "53",
) -> duckdb.DuckDBPyConnection:
    """A night in memory with these records landed, staged and made into `core`."""
    connection = night(as_of, region)
    given(connection, rows, delivered=delivered)
    run_layer(connection, "staging", views=True)
    run_layer(connection, "core")
    return connection


def _land(connection: duckdb.DuckDBPyConnection, contract: Extract, rows: Sequence[Row], day: date) -> None:
    allowed = {column.name for column in contract.columns} | {"_delivered_on", "_part"}
    for row in rows:
        if set(row) - allowed:
            raise KeyError(f"{contract.name} has no column {sorted(set(row) - allowed)}")
    columns = {c.name: [_cell(c, row, number) for number, row in enumerate(rows, 1)] for c in contract.columns}
    columns["_delivered_on"] = [_day(row.get("_delivered_on", day)) for row in rows]
    columns["_part"] = [row.get("_part", "") for row in rows]
    columns["_row"] = list(range(1, len(rows) + 1))
    schema = pa.schema([*contract.arrow_schema, *(pa.field(name, kind) for name, kind in _KEPT)])
    connection.register("given_rows", pa.table(columns, schema=schema))
    keys = "".join(f", id_key({c.name}) as {c.name}_key" for c in contract.columns if c.kind == "id")
    connection.execute(f"create or replace table landing.{contract.name} as select *{keys} from given_rows")
    connection.unregister("given_rows")


def _cell(column: Column, row: Row, number: int) -> Any:
    if column.name not in row and not column.required:
        return None
    if column.kind == "id" and column.name not in row:
        raise KeyError(f"a record needs its {column.name}")
    value = row.get(column.name, _default(column, number))
    if value is None or column.kind in ("id", "text", "village", "bool", "int"):
        return value
    if column.kind in ("date", "month"):
        return _day(value)
    if column.kind == "code":
        if str(value) not in codes()[column.code_list or ""]:
            raise KeyError(f"{column.name} has no code {value}")
        return str(value)
    return Decimal(str(value))


def _default(column: Column, number: int) -> Any:
    if column.code_list:
        return next(iter(codes()[column.code_list]))
    return {
        "text": str(number), "village": VILLAGE, "bool": False, "int": 0, "num": "0", "money": "0",
        "date": "2020-01-01", "month": "2020-01-01",
    }.get(column.kind)  # fmt: skip


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _tell_deliveries(connection: duckdb.DuckDBPyConnection, days: Mapping[str, date | None], as_of: date) -> None:
    fresh = ", ".join(
        f"({literal(n)}, {literal(d)}::date, {literal((as_of - d).days if d else None)}::integer, {late}, "
        f"{literal(d is None or d < as_of - timedelta(late))})"
        for n, d in days.items()
        for late in (extracts()[n].late_after,)
    )
    connection.execute(
        "create or replace table deliveries.freshness as select * from (values "
        f"{fresh}) as t(extract, newest_delivery, age_days, late_after, is_stale)"
    )
    connection.execute(
        "create or replace table deliveries.dates as select extract, newest_delivery as e from deliveries.freshness"
    )
    counts = "".join(f", 0::bigint as {n}" for n in ("rows_read", "loaded", "superseded", "quarantined", "blanked"))
    connection.execute(
        "create or replace table deliveries.ledger as select extract, extract || '_' || strftime(newest_delivery, '%Y%m%d') "
        f"as delivery{counts}, 'in_force' as state, null::varchar as reason "
        "from deliveries.freshness where newest_delivery is not null"
    )
