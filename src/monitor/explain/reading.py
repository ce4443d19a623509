"""What a run folder knows of a few subjects: facts, numbers in force in their place, deliveries. Filters are pushed down."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from monitor.contracts import extracts, facts
from monitor.contracts.facts import Unit
from monitor.run import read_manifest
from monitor.store import identifier, literal, stored

HIT_COLUMNS = (
    "case_no",
    "indicator",
    "unit",
    "subject",
    "state",
    "level",
    "points",
    "reason_zh",
    "first_seen",
    "last_hit",
    "late_zh",
)
_DAY_IN_NAME = re.compile(r"_(\d{8})(?:_|$)")

# of the rows kept, one is in force in the place: the same order decides as on the night
_THRESHOLDS = """
select kept.parameter, kept.value, kept.region_code, coalesce(region.full_name, kept.region_code), kept.area_kind,
    kept.valid_from, kept.document
from {parameters} as kept
left join {regions} as region on region.code = kept.region_code
where kept.parameter in ({names})
    and (kept.region_code = '00' or starts_with({place}, kept.region_code)) and kept.area_kind in ('any', {area_kind})
qualify row_number() over (
    partition by kept.parameter
    order by
        if(kept.region_code = '00', 0, length(kept.region_code)) desc, kept.valid_from desc, kept.area_kind <> 'any' desc
) = 1
"""


@dataclass(frozen=True)
class Threshold:
    """A parameter's value in force in a place: where its row stands, since when and by which document."""

    name: str
    value: Decimal
    region_code: str
    region_name: str
    area_kind: str
    valid_from: date
    document: str


@dataclass(frozen=True)
class Delivered:
    """The deliveries of an extract that stood behind a fact.

    Attributes:
        extract, department, title: whose and what.
        day: of the newest one in force; None if there is none.
        files: the newest files, as they were sent.
        more: how many older ones are in force beside them.
        is_late: whether it was too late for its facts to count.
    """

    extract: str
    department: str
    title: str
    day: date | None
    files: tuple[str, ...]
    more: int
    is_late: bool


@dataclass(frozen=True)
class Who:
    """A person or the head of a household, and the place."""

    name: str
    id_no: str
    phone: str
    address: str
    village_code: str | None
    area_kind: str
    members: int | None


def hits_of(connection: duckdb.DuckDBPyConnection, run: Path | None, case_no: str) -> list[dict[str, Any]]:
    """The rows of case_hits.parquet of a case, weightiest first."""
    if run is None:
        return []
    rows = connection.execute(
        f"select {', '.join(HIT_COLUMNS)} from {_file(run, 'case_hits')} where case_no = {literal(case_no)} "
        "order by points desc, indicator, subject"
    ).fetchall()
    return [dict(zip(HIT_COLUMNS, row, strict=True)) for row in rows]


def facts_of(
    connection: duckdb.DuckDBPyConnection, run: Path | None, unit: Unit, subjects: Collection[str], names: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """subject -> fact -> value. A fact that the run's file does not have, as it is younger than the run, is left out."""
    if run is None or not subjects:
        return {}
    file = _file(run, f"facts_{unit}")
    kept = {name for name, *_ in connection.execute(f"describe from {file}").fetchall()}
    columns = [name for name in dict.fromkeys(names) if name in kept and name in facts(unit)]
    wanted = sorted(subjects)
    # the files are in the order of `subject`: the bounds keep all other row groups unread
    within = f"subject between {literal(wanted[0])} and {literal(wanted[-1])}"
    rows = connection.execute(
        f"select {', '.join(['subject', *map(identifier, columns)])} from {file} "
        f"where {within} and subject in ({', '.join(map(literal, wanted))})"
    ).fetchall()
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}


def who(connection: duckdb.DuckDBPyConnection, run: Path, subject: str) -> Who | None:
    """Who heads a household (`F:`, `H:`), or a person by ID; None if the run does not know them."""
    if subject[:2] in ("F:", "H:"):
        columns, name = "name, head, phone, address, village_code, area_kind, member_count", "household"
    else:
        columns, name = "name, id_no, phone, address, village_code, area_kind, null", "person"
    rows = connection.execute(f"select {columns} from {_file(run, name)} where subject = {literal(subject)}").fetchall()
    if not rows:
        return None
    told, id_no, phone, address, village, area_kind, members = rows[0]
    return Who(told or "", id_no, phone or "", address or "", village, area_kind, members)


def thresholds(
    connection: duckdb.DuckDBPyConnection, run: Path, names: Collection[str], place: str, area_kind: str
) -> dict[str, Threshold]:
    """The parameters in force in a place that night.

    Args:
        connection: any.
        run: the run folder.
        names: parameters.
        place: village code, or the installation's region for somebody without one.
        area_kind: rural or urban.
    """
    if not names:
        return {}
    rows = connection.execute(
        _THRESHOLDS.format(
            parameters=_file(run, "parameters"),
            regions=_file(run, "region"),
            names=", ".join(map(literal, sorted(names))),
            place=literal(place),
            area_kind=literal(area_kind),
        )
    ).fetchall()
    return {row[0]: Threshold(*row) for row in rows}


def deliveries(connection: duckdb.DuckDBPyConnection, run: Path) -> dict[str, Delivered]:
    """The deliveries in force that night, by extract; of many the three newest files are named."""
    endings = {one["delivery"]: one["file_ending"] for one in read_manifest(run)["inputs"]}
    rows = connection.execute(
        f"select fresh.extract, fresh.is_stale, list(ledger.delivery order by ledger.delivery desc) "
        f"filter (ledger.delivery is not null) from {_file(run, 'freshness')} as fresh "
        f"left join {_file(run, 'ledger')} as ledger "
        "on ledger.extract = fresh.extract and ledger.state = 'in_force' group by all"
    ).fetchall()
    found = {}
    for name, is_late, sent in rows:
        contract, names = extracts()[name], sent or []
        newest = _DAY_IN_NAME.search(names[0]) if names else None
        files = tuple(one + endings.get(one, "") for one in names[:3])
        day = date.fromisoformat(newest[1]) if newest else None
        found[name] = Delivered(name, contract.department, contract.title, day, files, len(names) - len(files), is_late)
    return found


def region_name(connection: duckdb.DuckDBPyConnection, run: Path, code: str | None) -> str:
    """The full name of a division."""
    if not code:
        return "地址不详"
    rows = connection.execute(f"select full_name from {_file(run, 'region')} where code = {literal(code)}").fetchall()
    return str(rows[0][0]) if rows else code


def _file(run: Path, name: str) -> str:
    return stored(run / f"{name}.parquet")
