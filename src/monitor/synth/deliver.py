"""One delivery on its way to its files: cut to its day, written as text, soiled, given its department's form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl

from monitor.contracts import extract
from monitor.synth.cells import as_text
from monitor.synth.dirt import doubled, ragged, soil_cells
from monitor.synth.dirt_kinds import Dirt
from monitor.synth.files import CsvPart, ParquetPart, Part, Parts, WorkbookPart, parquet_schema, rows_a_part
from monitor.synth.plan import Plan
from monitor.synth.streams import stream
from monitor.synth.timeline import Delivery, cut

REFUSED, REFUSED_WITHOUT = "mca_application", "applied_on"
SHRUNK, SHRUNK_TO = "mca_family", 0.3
TRUNCATED = "nhc_death"
EXTRA_COLUMN, EXTRA_HEADER = "_extra", "备注"
ZIP_PEOPLE = 200_000  # a zip holds one file, so only where an extract cannot need two
MONEY_KINDS = ("money_separators", "money_yuan", "money_wan", "empty_words")
DATE_KINDS = ("date_forms", "date_impossible", "empty_words")


class Consignment:
    """The files of one delivery, open until `close`."""

    def __init__(self, plan: Plan, delivery: Delivery, out: Path) -> None:
        self._plan, self._delivery, self._dirt = plan, delivery, plan.soil
        self._contract = extract(delivery.extract)
        self._columns, header = self._form()
        self._container = self._packed()
        ending = self._container if self._contract.format.startswith("csv") else self._contract.format
        begin = self._begin(header)
        self._parts = Parts(out, delivery.stem, ending, rows_a_part(self._contract), begin)

    @property
    def extract(self) -> str:
        return self._delivery.extract

    @property
    def rows(self) -> int:
        return self._parts.rows

    def append(self, frame: pl.DataFrame, block: int) -> None:
        """Write what the delivery holds of a block's rows."""
        where = (self._delivery.stem, block)
        dirt, seed = self._dirt, self._plan.seed
        rows = as_text(cut(frame, self._delivery), self._contract)
        if self._is(dirt.shrunk_delivery, SHRUNK, last=True, nights=2):
            rows = rows.head(int(len(rows) * SHRUNK_TO))
        rows = doubled(soil_cells(rows, self._contract, dirt, seed, *where), dirt.doubled_keys, seed, *where)
        if EXTRA_COLUMN in self._columns:
            rows = rows.with_columns(pl.lit("已核").alias(EXTRA_COLUMN))
        is_csv = self._contract.format.startswith("csv")
        whole, odd = ragged(rows.select(self._columns), dirt.ragged_lines if is_csv else 0.0, seed, *where)
        self._parts.append(whole, odd)

    def close(self) -> list[Path]:
        """Finish the files; returns them."""
        paths = self._parts.close()
        if self._is(self._dirt.truncated_gz, TRUNCATED, last=True, nights=2):
            data = paths[-1].read_bytes()
            paths[-1].write_bytes(data[: max(len(data) * 6 // 10, 20)])
        return paths

    def _is(self, share: float, name: str, *, last: bool, nights: int) -> bool:
        """Whether a trick on a whole file is meant for this delivery: that of the last night, or of the second."""
        night = self._plan.nights - 1 if last else min(1, self._plan.nights - 1)
        is_it = self._delivery.extract == name and self._delivery.night == night
        return bool(share) and self._plan.nights >= nights and is_it

    def _chance(self, share: float, kind: str) -> bool:
        return bool(stream(self._plan.seed, "file", kind, self._delivery.stem).random() < share)

    def _form(self) -> tuple[list[str], list[str]]:
        """Columns in the order of the file, and what its header says."""
        dirt = self._dirt
        columns = [column.name for column in self._contract.columns]
        canonical = self._chance(dirt.canonical_headers, "headers")
        titles = {c.name: c.name if canonical else c.header for c in self._contract.columns} | {EXTRA_COLUMN: EXTRA_HEADER}
        if self._is(dirt.refused_file, REFUSED, last=False, nights=1):
            columns.remove(REFUSED_WITHOUT)
        if self._chance(dirt.extra_columns, "extra"):
            columns.append(EXTRA_COLUMN)
        if self._chance(dirt.column_order, "order"):
            order = stream(self._plan.seed, "file", "permutation", self._delivery.stem).permutation(len(columns))
            columns = [columns[n] for n in order]
        return columns, [titles[name] for name in columns]

    def _packed(self) -> str:
        if self._is(self._dirt.truncated_gz, TRUNCATED, last=True, nights=2):
            return "csv.gz"
        if not self._chance(self._dirt.containers, "container"):
            return "csv"
        zipped = self._plan.persons <= ZIP_PEOPLE and self._chance(0.5, "zip")
        return "zip" if zipped else "csv.gz"

    def _begin(self, header: list[str]) -> Callable[[Path], Part]:
        contract, columns = self._contract, self._columns
        if contract.format == "xlsx":
            schema = dict.fromkeys(columns, pl.String)
            numbers = {c.name for c in contract.columns if c.kind in ("money", "num", "int")}
            return lambda path: WorkbookPart(path, header, schema, numbers)
        if contract.format == "parquet":
            types = parquet_schema(contract, header, columns, _soiled_kinds(self._dirt))
            return lambda path: ParquetPart(path, types)
        encoding = contract.format.removeprefix("csv ")
        if encoding == "utf-8" and self._chance(self._dirt.byte_order_mark, "mark"):
            encoding = "utf-8-sig"
        return lambda path: CsvPart(path, header, encoding, self._container)


def _soiled_kinds(dirt: Dirt) -> set[str]:
    """Kinds of columns that must be text for the dirt in them."""
    kinds = {"money", "num"} if any(getattr(dirt, kind) for kind in MONEY_KINDS) else set()
    kinds |= {"date"} if any(getattr(dirt, kind) for kind in DATE_KINDS) else set()
    return kinds | ({"bool", "int"} if dirt.empty_words else set())
