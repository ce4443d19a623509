"""Deliveries: the rows of a file with their dirt, what becomes of each row, and the file itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from building.cast import contract, deliveries
from building.cells import oddly, written
from building.files import Table, csv_bytes, packed, parquet_bytes, put, text_table, xlsx_bytes
from building.records import records

UNDECODABLE = b"\xff\xff\x00\x81\x20\xfe\xff\r\n"
_SELECTS = ("who", "column", "write", "text", "fate", "copy", "set", "reasons")


@dataclass
class Row:
    """A row to be delivered: cells as written, values as meant, and its fate in a fresh reading."""

    values: dict[str, Any]
    cells: dict[str, str]
    fate: str = "loaded"
    reasons: str = ""
    blanked: int = 0

    @property
    def superseded_on(self) -> int:
        return int(self.values.get("superseded_on", 99))


@dataclass
class File:
    """One delivered file: its name without ending and its rows."""

    name: str
    delivery: dict[str, Any]
    rows: list[Row] = field(default_factory=list)


def files() -> list[File]:
    """All delivered files, parts apart."""
    found = []
    for delivery in deliveries():
        rows = _rows(delivery)
        name, parts = f"{delivery['extract']}_{delivery['date']}", delivery.get("parts", 1)
        if parts == 1:
            found.append(File(name, delivery, rows))
            continue
        size = -(-len(rows) // parts)
        found += [File(f"{name}_{n + 1:02d}", delivery, rows[n * size : (n + 1) * size]) for n in range(parts)]
    return found


def _rows(delivery: dict[str, Any]) -> list[Row]:
    if delivery.get("broken"):
        return []
    columns = contract(delivery["extract"])["columns"]
    rows = []
    for number, values in enumerate(records(delivery["extract"], delivery["night"])[: delivery.get("keep")]):
        cells = {name: written(values.get(name), column["type"], delivery, number) for name, column in columns.items()}
        rows.append(Row(values, cells))
    for dirt in delivery.get("dirt", ()):
        rows = _added(rows, dirt) if "copy" in dirt else _soiled(rows, dirt)
    return rows


def _soiled(rows: list[Row], dirt: dict[str, Any]) -> list[Row]:
    """One cell of somebody's rows written oddly; further keys choose among the rows."""
    chosen = {key: value for key, value in dirt.items() if key not in _SELECTS}
    touched = [r for r in rows if r.values["who"] == dirt["who"] and all(r.values.get(k) == v for k, v in chosen.items())]
    if not touched:
        raise ValueError(f"dirt touches no row: {dirt}")
    for row in touched:
        row.cells[dirt["column"]] = oddly(row.cells[dirt["column"]], dirt["write"]) if "write" in dirt else dirt["text"]
        row.blanked += dirt.get("fate") == "blanked"
    return rows


def _added(rows: list[Row], dirt: dict[str, Any]) -> list[Row]:
    """A further row: a superseded one goes first in the file, a quarantined one just behind the row it copies."""
    at = next(i for i, r in enumerate(rows) if r.values["who"] == dirt["copy"])
    row = Row(rows[at].values, {**rows[at].cells, **dirt["set"]}, dirt["fate"], dirt.get("reasons", ""))
    place = 0 if dirt["fate"] == "superseded" else at + 1
    return [*rows[:place], row, *rows[place:]]


def write_inbox(folder: Path) -> None:
    """Write every delivery into the inbox and drop files that are no longer delivered."""
    wanted = set()
    for file in files():
        spec = contract(file.delivery["extract"])
        ending = file.delivery.get("ending") or {"xlsx": "xlsx", "parquet": "parquet"}.get(spec["format"], "csv")
        name = f"{file.name}.{ending}"
        put(folder, name, _content(file, ending))
        wanted.add(name)
    for path in folder.iterdir():
        if path.name not in wanted:
            path.unlink()


def _content(file: File, ending: str) -> bytes:
    if file.delivery.get("broken"):
        return UNDECODABLE
    if ending == "parquet" and file.delivery.get("typed"):
        return parquet_bytes(_typed(file))
    table = _table(file)
    if ending == "xlsx":
        return xlsx_bytes(table)
    if ending == "parquet":
        return parquet_bytes(text_table(table))
    return packed(csv_bytes(table, file.delivery.get("encoding", "utf-8")), file.name, ending)


def _table(file: File) -> Table:
    delivery = file.delivery
    names = [n for n in contract(delivery["extract"])["columns"] if n != delivery.get("without")]
    if delivery.get("columns") == "reversed":
        names.reverse()
    table = [[_header(delivery, name) for name in names]]
    table += [[row.cells[name] for name in names] for row in file.rows]
    if "extra_column" in delivery:
        table = [[*cells, delivery["extra_column"] if i == 0 else "见档案"] for i, cells in enumerate(table)]
    if delivery.get("empty_line"):
        table.insert(2, [""] * len(table[0]))
    return table


def _header(delivery: dict[str, Any], name: str) -> str:
    if delivery.get("headers") == "canonical":
        return name
    header = str(contract(delivery["extract"])["columns"][name]["header"])
    return f" {header}\u3000" if delivery.get("headers") == "blanks around" else header


def _typed(file: File) -> pa.Table:
    """A Parquet file with real types; months and codes are text, an emptied cell is null."""
    types = {"date": pa.date32(), "money": pa.decimal128(18, 2), "int": pa.int32(), "bool": pa.bool_()}
    columns = {}
    for name, column in contract(file.delivery["extract"])["columns"].items():
        kind = types.get(column["type"])
        cells = [row.cells[name] or None if kind is None else _value(row, name, column["type"]) for row in file.rows]
        columns[_header(file.delivery, name)] = pa.array(cells, kind or pa.string())
    return pa.table(columns)


def _value(row: Row, name: str, kind: str) -> Any:
    value = row.values.get(name) if row.cells[name] else None
    return Decimal(str(value)) if kind == "money" and value is not None else value
