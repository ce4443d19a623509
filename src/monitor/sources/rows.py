"""Raw cells to typed rows: one statement per file reads, repairs, judges and numbers every row."""

from __future__ import annotations

from typing import Any

import duckdb

from monitor.contracts import Column, Extract
from monitor.sources.arrivals import Delivery
from monitor.sources.cells import Reading
from monitor.sources.opening import Opened, found_columns
from monitor.sources.text_files import BLANKS
from monitor.store import identifier, literal

BAD_LINE = "bad_line"


def read_rows(
    connection: duckdb.DuckDBPyConnection, contract: Extract, delivery: Delivery, header: tuple[str, ...], source: Opened
) -> dict[str, Any]:
    """Read a relation of raw cells into the temp view `landing_row`.

    Its columns: the contract's (an ID as `<id>_key` alone), `_delivered_on`, `_part`, `_row` (as a spreadsheet shows it),
    `_reasons` (NULL = readable, "" = a blank row, which is none), `_raw` (JSON, of quarantined rows) and `_blanked` (one bit
    per optional column).

    Returns:
        the counts of `Landed`: rows_read, readable, quarantined, blanked, blanked_by, reasons.
    """
    places, _, _ = found_columns(contract, header)
    reading = Reading()
    for column in contract.columns:
        at = places.get(column.name)
        raw = None if at is None else f"r{at}"
        reading.add(column, raw, None if at is None else source.types[at], source.relation == "sheet")
    connection.execute(f"create or replace temp table typed_row as {_judged(contract, reading, header, source)}")
    _number(connection, contract, delivery, source)
    return _counts(connection, contract)


def _judged(contract: Extract, reading: Reading, header: tuple[str, ...], source: Opened) -> str:
    """Values, and for a row with a fault the reasons and the raw row."""
    fine = " and ".join(f"{_value(c)} is not null" for c in contract.required) or "true"
    bits = [
        f"case when {_value(c)} is null and {identifier(f'p_{c.name}')} then {2**bit} else 0 end"
        for bit, c in enumerate(_can_be_blanked(contract))
    ]
    titles = (title.replace("\0", "") or f"第{i}列" for i, title in enumerate(header, start=1))  # SQL text cannot hold a NUL
    cells = ", ".join(f"{literal(title)}, r{i}" for i, title in enumerate(titles))
    kept = "".join(f"nullif(trim(cast(r{i} as varchar), {literal(BLANKS)}), ''), " for i in range(len(header)))
    reasons = ", ".join(_reason(c) for c in contract.required)
    values = ", ".join(f"{_value(c)} as {identifier(stored_name(c))}" for c in contract.columns)
    return f"""
        select {values}, cast({" + ".join(bits) or "0"} as bigint) as _blanked,
            case when _fine then null
                 when coalesce({kept}null) is null then ''
                 else concat_ws(';', {reasons}) end as _reasons,
            case when _fine then null else cast(json_object({cells}) as varchar) end as _raw
        from (select *, {fine} as _fine from {reading.select(source.relation)})"""


def stored_name(column: Column) -> str:
    """The column of a landing file; an ID is kept as its key, from which `id_text` makes the same text again."""
    return f"{column.name}_key" if column.kind == "id" else column.name


def _value(column: Column) -> str:
    return identifier(f"v_{column.name}")


def _reason(column: Column) -> str:
    present, value = identifier(f"p_{column.name}"), _value(column)
    return f"case when not {present} then 'missing:{column.name}' when {value} is null then {literal(column.reason)} end"


def _number(connection: duckdb.DuckDBPyConnection, contract: Extract, delivery: Delivery, source: Opened) -> None:
    """Give rows their number, and put lines that are no records between them."""
    names = [identifier(stored_name(c)) for c in contract.columns]
    constants = f"{literal(delivery.date)} as _delivered_on, {literal(delivery.part)} as _part"
    columns = f"{', '.join(names)}, {constants}"
    if not source.numbered:
        rows = f"select {columns}, rowid + {source.first_row} as _row, _reasons, _raw, _blanked from typed_row"
        connection.execute(f"create or replace temp view landing_row as {rows}")
        return
    rows = (
        f"select {columns}, n.number as _row, _reasons, _raw, _blanked"
        " from typed_row t join row_number_of n on n.ordinal = t.rowid"
    )
    empty = ", ".join(f"null as {name}" for name in names)
    kept = "cast(json_object('line', line) as varchar)"
    bad = f"select {empty}, {constants}, number as _row, '{BAD_LINE}' as _reasons, {kept} as _raw, 0 as _blanked from bad_line"
    connection.execute(f"create or replace temp table numbered_row as select * from ({rows} union all {bad}) order by _row")
    connection.execute("create or replace temp view landing_row as select * from numbered_row")


def forget_rows(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what `read_rows` made."""
    connection.execute("drop view if exists temp.landing_row")
    for table in ("typed_row", "numbered_row", "bad_line", "row_number_of"):
        connection.execute(f"drop table if exists temp.{table}")


def _counts(connection: duckdb.DuckDBPyConnection, contract: Extract) -> dict[str, Any]:
    row = connection.execute(
        "select count(*) filter (_reasons is null or _reasons <> ''), count(*) filter (_reasons is null),"
        " count(*) filter (_reasons <> '') from landing_row"
    ).fetchone()
    assert row is not None
    bits = {c.name: 2**bit for bit, c in enumerate(_can_be_blanked(contract))}
    blanked_by = {}
    if bits:
        sums = ", ".join(f"count(*) filter (_blanked & {bit} <> 0)" for bit in bits.values())
        found = connection.execute(f"select {sums} from landing_row where _reasons is null and _blanked <> 0").fetchone()
        blanked_by = {name: count for name, count in zip(bits, found or (), strict=True) if count}
    reasons = connection.execute(
        "select reason, count(*)"
        " from (select unnest(string_split(_reasons, ';')) as reason from landing_row where _reasons <> '')"
        " group by reason order by reason"
    ).fetchall()
    return {
        "rows_read": row[0],
        "readable": row[1],
        "quarantined": row[2],
        "blanked": sum(blanked_by.values()),
        "blanked_by": blanked_by,
        "reasons": dict(reasons),
    }


def _can_be_blanked(contract: Extract) -> list[Column]:
    """Optional columns whose cells may be unreadable; text never is."""
    return [c for c in contract.columns if not c.required and c.kind != "text"]
