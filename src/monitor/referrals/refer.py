"""Write what departments are told tonight: `referrals/<department>.csv`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import duckdb

from monitor.contracts import outputs
from monitor.privacy import make_mask_macro
from monitor.referrals.contract import ReferralContract, referral_contract, routes_of
from monitor.store import identifier, literal, stored_runs
from monitor.transform import run_layer

# writes the rows of a table into the files that its column `file` names, safe to open; returns how many files
WriteFiles = Callable[[duckdb.DuckDBPyConnection, str, Path], int]


def refer(
    connection: duckdb.DuckDBPyConnection, previous: Path | None, outbox: Path, routes: Mapping[str, str], write: WriteFiles
) -> int:
    """Write one file per department that is told something tonight.

    Args:
        connection: the working database after `monitor.learned.learn` and with core.
        previous: the run folder before this night; the lists that answers speak of lie beside it.
        outbox: folder of the night's lists.
        routes: indicator -> what it leads to, of rules of need only (risk and uncovered). Any other rule refers nobody.
        write: how a table becomes files.

    Returns:
        lines written, over all departments.
    """
    contract = referral_contract()
    connection.execute("create schema if not exists referrals")
    _load_hits(connection, previous)
    _make_routes(connection, contract, routes)
    make_mask_macro(connection)
    run_layer(connection, "referrals")
    lines = 0
    for department in contract.departments:
        lines += _write_department(connection, contract, department, outbox / "referrals", write)
    return lines


def _load_hits(connection: duckdb.DuckDBPyConnection, previous: Path | None) -> None:
    """`referrals.hit`: what stood, on the list that was answered, in the cases that were ever referred."""
    needed = [c for c in outputs("restricted")["case_hits"].columns if c.name in {"case_no", "indicator", "unit", "subject"}]
    names = ", ".join(identifier(c.name) for c in needed)
    days = connection.execute(
        "select distinct list_as_of from learned.answer where answer = 'true_referred' and list_as_of is not null order by 1"
    ).fetchall()
    files = [previous.with_name(day.isoformat()) / "case_hits.parquet" for (day,) in days] if previous else []
    files = [file for file in files if file.is_file()]
    if files:
        select = f"select cast(split_part(filename, '/', -2) as date) as list_as_of, {names} from {stored_runs(files)}"
    else:
        empty = ", ".join(f"cast(null as {c.type}) as {identifier(c.name)}" for c in needed)
        select = f"select cast(null as date) as list_as_of, {empty} limit 0"
    connection.execute(
        f"create or replace table referrals.hit as from ({select}) "
        "semi join (select case_no, list_as_of from learned.answer where answer = 'true_referred') using (case_no, list_as_of)"
    )


def _make_routes(connection: duckdb.DuckDBPyConnection, contract: ReferralContract, routes: Mapping[str, str]) -> None:
    """`referrals.route`: indicator, position, what it leads to, who receives it."""
    rows = [
        (code, position, route, department)
        for code, text in sorted(routes.items())
        for position, route in enumerate(routes_of(text))
        for department in contract.receivers(route)
    ]
    connection.execute(
        "create or replace table referrals.route(indicator varchar, position integer, route varchar, department varchar)"
    )
    connection.execute("create or replace table referrals.unknown_receiver(department varchar)")
    for table, values in (("route", rows), ("unknown_receiver", [(name,) for name in contract.unknown.departments])):
        if values:
            text = ", ".join(f"({', '.join(literal(value) for value in row)})" for row in values)
            connection.execute(f"insert into referrals.{table} values {text}")


def _write_department(
    connection: duckdb.DuckDBPyConnection, contract: ReferralContract, department: str, folder: Path, write: WriteFiles
) -> int:
    """One file, if there is anything to tell; it has the declared columns and no other."""
    shown = ", ".join(f"{name} as {identifier(contract.columns[name])}" for name in contract.columns_of(department))
    table = f"referrals.to_{department}"
    connection.execute(
        f"create or replace table {table} as select {literal(department + '.csv')} as file, "
        f"row_number() over (order by county, township nulls last, case_no) as position, {shown} "
        f"from referrals.line where department = {literal(department)}"
    )
    lines = int(connection.execute(f"select count(*) from {table}").fetchall()[0][0])
    if lines:
        write(connection, table, folder)
    return lines
