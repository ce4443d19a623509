"""The cast of sample_data as records in force on a night, taken from the stories and not from the files."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from building.cast import NIGHTS, contract
from building.delivering import File, Row, files
from building.records import dated, first_night


def cast_records(night: int) -> tuple[dict[str, list[dict[str, Any]]], dict[str, date | None]]:
    """Records by extract, and the day of the newest accepted delivery of each."""
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    delivered: dict[str, date | None] = {}
    accepted = [f for f in files() if "refused" not in f.delivery and first_night(f.delivery) <= night]
    for file in accepted:
        extract, day = file.delivery["extract"], dated(file.delivery)
        if contract(extract)["mode"] == "full" and any(_is_newer(other, file) for other in accepted):
            continue
        delivered[extract] = max(day, delivered.get(extract) or day)
        for row in file.rows:
            if row.fate == "loaded" and row.superseded_on > night:
                rows[extract].append(_record(file, row) | {"_delivered_on": day, "_order": (day, len(rows[extract]))})
    return dict(rows), delivered


def as_of(night: int) -> date:
    return NIGHTS[night]


def _is_newer(other: File, file: File) -> bool:
    return bool(other.delivery["extract"] == file.delivery["extract"] and dated(other.delivery) > dated(file.delivery))


def _record(file: File, row: Row) -> dict[str, Any]:
    lost = {d["column"] for d in file.delivery.get("dirt", ()) if d.get("fate") == "blanked" and _is_about(d, row)}
    columns = contract(file.delivery["extract"])["columns"]
    return {name: None if name in lost else _typed(row.values.get(name), c["type"]) for name, c in columns.items()}


def _is_about(dirt: dict[str, Any], row: Row) -> bool:
    chosen = {k: v for k, v in dirt.items() if k not in ("column", "text", "write", "fate")}
    return all(row.values.get(key) == value for key, value in chosen.items())


def _typed(value: Any, kind: str) -> Any:
    if value is None:
        return None
    if kind in ("money", "num"):
        return Decimal(str(value))
    if kind == "month":
        return value if isinstance(value, date) else date.fromisoformat(f"{value}-01")
    return str(value) if kind.startswith("code:") else value
